//! The store of grants, what is in it, and the clock that it is compared with.

use std::time::Duration;

use super::finding::Findings;
use crate::{
    cli::{
        accounts::{folder, state_of, there},
        args::StoreArgs,
    },
    store::{GrantKey, StoredGrant, TokenStore},
    time::Timestamp,
};

/// No machine runs this program before 1 January 2025.
const EARLIEST: Timestamp = Timestamp::from_unix_seconds(1_735_689_600);
/// What two clocks may differ by.
const SKEW: Duration = Duration::from_secs(300);
/// From how long unused on the six months of Google's are near.
const LONG_UNUSED: Duration = Duration::from_secs(150 * 86_400);
/// From how many consents on the cap of 100 refresh tokens is near.
const NEAR_CAP: u32 = 90;

pub(super) fn look(options: &StoreArgs, now: Timestamp, findings: &mut Findings) {
    let mut newest = EARLIEST;
    let opened = folder(options).and_then(|path| there(options).map(|store| (path, store)));
    match opened {
        // Without a home there is no store; a machine's account may have none.
        Err(_) if options.store.is_none() && folder(options).is_err() => {}
        Err(error) => findings.wrong(
            "store",
            format!("the store cannot be used: {error}"),
            "make it your own, with mode 0700 for the folder and 0600 for its files",
        ),
        Ok((_, None)) => {}
        Ok((path, Some(store))) => {
            let keys = store.list().unwrap_or_else(|error| {
                let next = format!(
                    "remove the file, or restore it; the folder is {}",
                    path.display()
                );
                findings.wrong("store", format!("the store cannot be read: {error}"), next);
                Vec::new()
            });
            for key in keys {
                match store.load(&key) {
                    Ok(Some((grant, _))) => {
                        newest = newest
                            .max(grant.obtained_at())
                            .max(grant.refreshed_at().unwrap_or_default());
                        look_at(&key, &grant, now, findings);
                    }
                    Ok(None) => {}
                    Err(error) => findings.wrong(
                        "store",
                        format!("{key} cannot be read: {error}"),
                        "log in again",
                    ),
                }
            }
        }
    }
    clock(now, newest, findings);
}

fn look_at(key: &GrantKey, grant: &StoredGrant, now: Timestamp, findings: &mut Findings) {
    if let Some(reason) = state_of(grant, now) {
        findings.notice(
            "grant-dead",
            format!("{key} is dead: {reason}"),
            format!(
                "log in again, or forget it: gdata-auth logout {}",
                key.account()
            ),
        );
        return;
    }
    if let Some(end) = grant.refresh_expires_at() {
        findings.notice(
            "grant-ends",
            format!("{key} ends {end}, as grants of projects in testing do after seven days"),
            "publish the consent screen in Google's console, and log in again",
        );
    }
    let used = grant.refreshed_at().unwrap_or(grant.obtained_at());
    if used < now && used.distance(now) > LONG_UNUSED {
        findings.notice(
            "grant-unused",
            format!(
                "{key} was last used {used}; Google ends grants that are not used for six months"
            ),
            format!("gdata-auth token --account {}", key.account()),
        );
    }
    if grant.consents() > NEAR_CAP {
        findings.notice(
            "grant-cap",
            format!(
                "{key} was consented to {} times; beyond 100 live refresh tokens Google ends the oldest",
                grant.consents()
            ),
            "keep the grant in place of asking anew",
        );
    }
}

fn clock(now: Timestamp, newest: Timestamp, findings: &mut Findings) {
    if now < EARLIEST {
        findings.wrong(
            "clock",
            format!("this machine's clock says {now}, which is long past"),
            "set it; assertions of service accounts and ID tokens go by it",
        );
    } else if newest > now.after(SKEW) {
        findings.wrong(
            "clock",
            format!("this machine's clock says {now}, and a grant was written at {newest}"),
            "set the clock; it was ahead then, or is behind now",
        );
    }
}
