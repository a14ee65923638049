//! What the tests of a plan share.

use gdata_auth::migrate::{
    catalogue::Catalogue,
    import::Inventory,
    plan::{CallLog, Code, Inputs, Plan, Wishes},
};

/// Four users, each with another credential.
pub const INVENTORY: &str = r#"{"version":1,"credentials":[
 {"number":1,"protocol":"auth-sub","form":"php-session","user":"Ann@example.com","scopes":["http://gdata.youtube.com"],
  "found":{"file":"sess_1","at":"sessionToken"},"use":"consent-again","secrets":[]},
 {"number":2,"protocol":"oauth1","form":"gdata-python-blob","user":"ben@example.com",
  "scopes":["https://www.google.com/calendar/feeds/"],"found":{"file":"t","at":"record 1"},"use":"migration-grant","secrets":[]},
 {"number":3,"protocol":"oauth2","form":"google-auth-json","user":"cleo@example.com",
  "scopes":["https://www.googleapis.com/auth/youtube","https://www.googleapis.com/auth/calendar"],
  "found":{"file":"t.json","at":"$"},"use":"as-it-is","secrets":[]},
 {"number":4,"protocol":"auth-sub","form":"php-session","scopes":[],
  "found":{"file":"sess_2","at":"sessionToken"},"use":"consent-again","secrets":[]}]}"#;

pub fn read(log: &str, host: Option<&str>) -> CallLog {
    let mut calls = CallLog::default();
    let catalogue = Catalogue::built_in().unwrap();
    calls.read(&mut log.as_bytes(), host, catalogue).unwrap();
    calls
}

pub fn draw(
    scan: Option<&str>,
    inventory: Option<&str>,
    log: Option<&str>,
    wishes: &Wishes,
) -> Plan {
    let code = scan.map(|text| Code::from_json(text.as_bytes()).unwrap());
    let inventory = inventory.map(|text| Inventory::from_json(text.as_bytes()).unwrap());
    let log = log.map(|text| read(text, None));
    let mut inputs = Inputs::new(Catalogue::built_in().unwrap());
    inputs.code = code.as_ref();
    inputs.inventory = inventory.as_ref();
    inputs.log = log.as_ref();
    Plan::draw(&inputs, wishes).unwrap()
}
