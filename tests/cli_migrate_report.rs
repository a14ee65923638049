//! `migrate report` as a user runs it, on what the other commands printed and kept.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{file, folder, run};
use serde_json::{Value, json};

/// A credential of oauth2client, for Google.
fn storage(user: &str, token: &str) -> String {
    json!({"_class": "OAuth2Credentials", "client_id": "app", "client_secret": "s", "refresh_token": token,
           "token_uri": "https://oauth2.googleapis.com/token", "scopes": ["https://www.googleapis.com/auth/youtube"],
           "id_token": {"email": user}})
    .to_string()
}

#[test]
fn an_inventory_and_the_store_tell_whom_import_moved() {
    let stores = folder("report-import-stores");
    std::fs::create_dir(&stores).unwrap();
    let ann = format!("{stores}/ann.json");
    std::fs::write(&ann, storage("ann@example.com", "1//ann")).unwrap();
    std::fs::write(
        format!("{stores}/ben.json"),
        storage("ben@example.org", "1//ben"),
    )
    .unwrap();
    let (code, inventory, told) = run(&["migrate", "import", "--json", &stores]);
    assert_eq!(code, 0, "{told}");
    let inventory = file("report-import-inventory.json", &inventory);
    let store = folder("report-import-store");
    let report = |format: &str| {
        run(&[
            "migrate",
            "report",
            "--inventory",
            &inventory,
            "--store",
            &store,
            "--format",
            format,
        ])
    };

    // Before anything is kept, a store that is not there is told, and is left as it is.
    let (code, out, told) = report("json");
    let progress: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &progress["totals"]), (1, &json!({"to_import": 2})));
    assert!(
        told.contains("there is no store of grants at") && told.contains("report-import-store"),
        "{told}"
    );
    assert!(!std::path::Path::new(&store).exists());

    let keep = |path: &str| run(&["migrate", "import", "--into-store", path, "--store", &store]);
    assert_eq!(keep(&ann).0, 0);
    let (code, out, told) = report("json");
    let progress: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &progress["totals"], told.as_str()),
        (1, &json!({"imported": 1, "to_import": 1}), "")
    );
    assert_eq!(
        progress["left"],
        json!([
            "1 user with a token of OAuth 2.0 that is not kept: gdata-auth migrate import --into-store PATH"
        ])
    );
    assert_eq!(keep(&stores).0, 0);
    let (_, out, _) = report("text");
    assert!(
        out.contains("2 users: had a token of OAuth 2.0, kept by import: 2."),
        "{out}"
    );
    assert!(!out.contains("1//"), "{out}");

    let (code, _, told) = run(&["migrate", "report", "--store", &store]);
    assert_eq!(code, 2, "{told}");
    let (code, _, told) = run(&["migrate", "report", "--inventory", &ann]);
    assert_eq!(code, 2);
    assert!(
        told.contains("expected an inventory of version 1"),
        "{told}"
    );
}

#[test]
fn plan_and_report_leave_the_same_users_to_a_service_account() {
    let tree = folder("report-delegated-tree");
    std::fs::create_dir(&tree).unwrap();
    let code = "import gdata.apps.service\nservice = gdata.apps.service.AppsService(email=user, domain=domain, password=password)\nservice.ProgrammaticLogin()\nservice.RetrieveUser('ann')\n";
    std::fs::write(format!("{tree}/a.py"), code).unwrap();
    let settings =
        "google.username=admin@example.com\ngoogle.password=tidewater9\ngoogle.service=apps\n";
    let stores = file("report-delegated.properties", settings);
    let (_, inventory, told) = run(&["migrate", "import", "--json", &stores]);
    let inventory = file("report-delegated-inventory.json", &inventory);
    let (code, plan, err) = run(&[
        "migrate",
        "plan",
        &tree,
        "--inventory",
        &inventory,
        "--format",
        "json",
    ]);
    assert_eq!(code, 0, "{told}{err}");
    let plan: Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(
        (&plan["people"]["delegated"], &plan["campaign"]),
        (&json!(1), &Value::Null)
    );

    let store = folder("report-delegated-store");
    let report = |more: &[&str]| {
        let given = ["migrate", "report", &tree, "--inventory", &inventory];
        let how = ["--store", &store, "--format", "json"];
        let (_, out, _) = run(&[&given[..], &how, more].concat());
        let progress: Value = serde_json::from_str(&out).unwrap();
        let left = progress["left"].as_array().unwrap().clone();
        let mut users = left.iter().filter_map(Value::as_str);
        let open = users.any(|one| one.starts_with("1 user whose place a service account takes: "));
        (progress["totals"].clone(), open, out.contains("invited"))
    };
    let delegated = json!({"delegated": 1});
    assert_eq!(report(&[]), (delegated.clone(), true, false));
    // A grant run that nothing of hers was for changes nothing.
    let grants = "email,outcome,why\r\nadmin@example.com,not_moved,\r\n";
    let grants = file("report-delegated-grants.csv", grants);
    let (totals, ..) = report(&["--grants", &grants]);
    let (_, plan, _) = run(&[
        "migrate",
        "plan",
        &tree,
        "--inventory",
        &inventory,
        "--grant",
        "--format",
        "json",
    ]);
    let plan: Value = serde_json::from_str(&plan).unwrap();
    let word = match plan["people"]["delegated"] == json!(1) {
        true => "delegated",
        false => "to_invite",
    };
    assert_eq!(totals, json!({word: 1}));
    // Her old credential has ended.
    let revoked =
        "account,protocol,outcome,place\r\nADMIN@example.com,ClientLogin,switched_off,x\r\n";
    let revoked = file("report-delegated-revoked.csv", revoked);
    assert_eq!(report(&["--revoked", &revoked]), (delegated, false, false));
}

#[test]
fn each_command_that_a_report_tells_can_be_typed() {
    let campaign = format!("{}.campaign", folder("report-typed"));
    for ending in ["", ".lock"] {
        let _ = std::fs::remove_file(format!("{campaign}{ending}"));
    }
    let made = [
        "migrate",
        "upgrade",
        "new",
        &campaign,
        "--app",
        "Tides",
        "--client-id",
        "app",
        "--scope",
        "openid",
    ];
    assert_eq!(run(&made).0, 0);
    let users = file("report-typed-users.csv", "email\r\nann@example.com\r\n");
    assert_eq!(run(&["migrate", "upgrade", "add", &campaign, &users]).0, 0);
    let grants = "email,outcome,why\r\nben@example.com,refused,\r\ncleo@example.com,unreachable,\r\ndee,refused,\r\n";
    let grants = file("report-typed-grants.csv", grants);
    let revoked = "account,protocol,outcome,place\r\nann,AuthSub,failed,x\r\n";
    let revoked = file("report-typed-revoked.csv", revoked);
    let inventory = file(
        "report-typed-inventory.json",
        r#"{"version":1,"credentials":[{"number":1,"protocol":"oauth2","form":"google-auth-json","user":"eve@example.com","scopes":[],
"found":{"file":"a","at":"document"},"use":"as-it-is","secrets":[{"name":"refresh_token","mask":"x","fingerprint":"00000001"}]}],
"problems":[{"found":{"file":"a","at":"line 3"},"what":"cut off"}]}"#,
    );
    let store = folder("report-typed-store");
    let (code, out, told) = run(&[
        "migrate",
        "report",
        "--campaign",
        &campaign,
        "--grants",
        &grants,
        "--revoked",
        &revoked,
        "--inventory",
        &inventory,
        "--store",
        &store,
        "--format",
        "json",
    ]);
    assert_eq!(code, 1, "{told}");
    let progress: Value = serde_json::from_str(&out).unwrap();
    let left = progress["left"].as_array().unwrap().iter();
    let commands: Vec<&str> = left
        .filter_map(|one| Some(one.as_str()?.split_once("gdata-auth ")?.1))
        .collect();
    assert_eq!(commands.len(), 7, "{commands:#?}");
    for command in commands {
        // What is in capitals is not there: it is told as that, and not as a wrong use of the command.
        let mut words: Vec<&str> = command.split(' ').collect();
        if words.contains(&"--into-store") {
            words.extend(["--store", &store]);
        }
        let (_, _, told) = run(&words);
        assert!(!told.contains("Usage:"), "{command}: {told}");
        let campaigns = command.contains(" upgrade ") && !command.contains(" upgrade grant ");
        assert_eq!(command.contains(&campaign), campaigns, "{command}");
    }
}
