//! The options of `migrate`, one file a subcommand.

mod retire;
mod upgrade;

pub(in crate::cli) use retire::{ByHandArgs, Observe, Retire, RetireRevoke, RetireStatus, Watch};
pub(in crate::cli) use upgrade::{
    AddUsers, ClientArgs, ListUsers, MoveTokens, NewCampaign, Remind, Renew, ServeCampaign,
    StateArg, Status, Upgrade,
};

use clap::Subcommand;

/// The steps of a migration.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Migrate {
    /// Move tokens where a server offers it, and ask everybody else once more.
    #[command(subcommand)]
    Upgrade(Box<Upgrade>),
    /// End what is legacy: revoke, list what users remove by hand, watch until nothing comes any more.
    #[command(subcommand)]
    Retire(Retire),
}
