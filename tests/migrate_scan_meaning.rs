//! What a finding is taken to mean: which of two kin an address is for, and what words without an address are worth.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use gdata_auth::migrate::scan::{Finding, Kind, Scan, Verdict, text};

/// Rule, verdict and service of each finding.
fn told(name: &str, source: &str) -> Vec<(&'static str, Verdict, Option<&'static str>)> {
    text(name, source)
        .iter()
        .map(|one| {
            let service = one.service.as_ref().map(|service| service.id);
            (one.rule, one.verdict, service)
        })
        .collect()
}

#[test]
fn contacts_of_a_domain_are_told_from_those_of_a_user() {
    let shared = ("W26", Verdict::HeaderSwap, Some("domain-contacts"));
    let own = ("W26", Verdict::Port, Some("contacts"));
    let address = "https://www.google.com/m8/feeds/contacts/";
    for (name, source, wanted) in [
        ("a.py", format!("u = '{address}example.com/full'"), shared),
        ("a.py", format!("u = '{address}%s/full' % domain"), shared),
        ("a.rb", format!("u = \"{address}#{{domain}}/full\""), shared),
        (
            "a.php",
            format!("<?php $u = \"{address}{{$this->domain}}/full\";"),
            shared,
        ),
        (
            "A.java",
            format!("URL u = new URL(\"{address}\" + domain + \"/full\");"),
            shared,
        ),
        ("a.py", format!("u = '{address}default/full'"), own),
        ("a.py", format!("u = '{address}%s/full' % email"), own),
        (
            "a.py",
            format!("u = '{address}%s/full' % email\ndomain = 1"),
            own,
        ),
        (
            "a.py",
            format!("u = '{address}default/full' # of no domain"),
            own,
        ),
    ] {
        assert_eq!(told(name, &source), [wanted], "{source}");
    }
}

#[test]
fn modules_of_apps_are_told_apart() {
    for (module, verdict, service) in [
        ("apps.audit", Verdict::HeaderSwap, "email-audit"),
        ("apps.emailsettings", Verdict::Port, "email-settings"),
        ("apps.migration", Verdict::Port, "email-migration"),
        ("apps.groups", Verdict::Port, "provisioning"),
    ] {
        let source = format!("import gdata.{module}.service\n");
        assert_eq!(
            told("a.py", &source),
            [("P19", verdict, Some(service))],
            "{module}"
        );
    }
}

#[test]
fn parameters_without_an_address_are_for_a_person() {
    let form = "form = {'Email': m, 'Passwd': w, 'service': 'reader'}\n";
    let by_hand = |found: &[Finding]| {
        let mut all = found.iter();
        found.len() == 1 && all.all(|one| one.verdict == Verdict::CheckByHand)
    };
    assert!(by_hand(&text("a.py", form)), "{:#?}", text("a.py", form));
    // A page that asks for a name and a password of its own.
    assert_eq!(
        text("a.php", "<?php login($_POST['Email'], $_POST['Passwd']);").len(),
        0
    );
    // A comment that names the servers it is for.
    let named = format!("# for FreshRSS\n{form}");
    let found = text("a.py", &named);
    assert!(
        found.iter().all(|one| one.verdict == Verdict::LookAlike),
        "{found:#?}"
    );
    // The address has a name that tells.
    let constant = "from names import CLIENT_LOGIN_URL\nurlopen(CLIENT_LOGIN_URL, form)\n";
    let found = text("a.py", constant);
    assert!(
        found
            .iter()
            .any(|one| one.rule == "W8" && one.verdict == Verdict::CheckByHand && one.line == 2),
        "{found:#?}"
    );
}

#[test]
fn what_stands_beside_a_password_counts_and_the_same_word_elsewhere_does_not() {
    let source = "u = 'https://www.google.com/accounts/ClientLogin'\nform = {\n  'Email': m,\n  'Passwd': w,\n}\n";
    let lines: Vec<usize> = text("a.py", source).iter().map(|one| one.line).collect();
    assert_eq!(lines, [1, 3, 4]);
    let far = format!(
        "{source}{}\nperson = {{'Email': m}}\n",
        "x = 1\n".repeat(60)
    );
    assert_eq!(text("a.py", &far).len(), 3);
}

#[test]
fn no_finding_of_a_line_shows_what_another_blots_out() {
    let source = "import com.google.gdata.client.authn.oauth.*;\nclass A { void a() {\nparams.setOAuthConsumerSecret(\"canary-77\");\n} }";
    let found = text("A.java", source);
    let kinds: Vec<Kind> = found
        .iter()
        .filter(|one| one.line == 3)
        .map(|one| one.kind)
        .collect();
    assert_eq!(kinds, [Kind::Auth, Kind::Leak]);
    assert!(
        found.iter().all(|one| !one.excerpt.contains("canary-77")),
        "{found:#?}"
    );
}

#[test]
fn hidden_settings_are_read_and_other_hidden_files_are_not() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scan-hidden");
    std::fs::create_dir_all(folder.join(".kept")).unwrap();
    let line = "PICASA_PASSWORD=Canary-9\nKEY=AI39si-qwertzuiopasdfghjkl\n";
    for name in [".env", ".env.production", ".envrc", ".other.ini"] {
        std::fs::write(folder.join(name), line).unwrap();
    }
    std::fs::write(folder.join(".kept/.env"), line).unwrap();
    let seen = |scan: Scan| {
        let report = scan.run(std::slice::from_ref(&folder), |_, _| {}).unwrap();
        let mut files: Vec<String> = report
            .findings
            .iter()
            .map(|one| one.file.rsplit_once('/').unwrap().1.to_owned())
            .collect();
        files.dedup();
        files
    };
    assert_eq!(seen(Scan::new()), [".env", ".env.production"]);
    assert_eq!(seen(Scan::new().hidden(true)).len(), 5);
}

/// The verdicts of what a list of libraries names, beside this code.
fn beside(name: &str, files: &[(&str, &str)], list: &str) -> Vec<Verdict> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let report = Scan::new().run(&[folder], |_, _| {}).unwrap();
    let all = report.findings.iter();
    let listed = all.filter(|one| one.file.ends_with(list) && one.kind == Kind::Dependency);
    listed.map(|one| one.verdict).collect()
}

#[test]
fn a_library_stays_where_all_that_the_code_asks_for_still_answers() {
    const OLD: &str = include_str!("../fixtures/rewrite/Shared.cs");
    const NAMES: &str = "<packages>\n  <package id=\"Google.GData.Client\" version=\"2.2.0.0\" />\n  \
                         <package id=\"Google.GData.Contacts\" version=\"2.2.0.0\" />\n</packages>\n";
    let new = OLD.replace(
        "service.setUserCredentials(user, word);",
        "service.RequestFactory = new GOAuth2RequestFactory(\"cp\", \"shared\", new OAuth2Parameters());",
    );
    let list = ("packages.config", NAMES);
    let old = ("Shared.cs", OLD);
    let calendar = (
        "Dates.cs",
        "using Google.GData.Calendar;\nvar s = new CalendarService(\"a\");\ns.setUserCredentials(a, b);\n",
    );
    let told = |name: &str, files: &[(&str, &str)]| beside(name, files, "packages.config");
    assert_eq!(told("settle-old", &[old, list]), [Verdict::HeaderSwap; 2]);
    assert_eq!(
        told("settle-new", &[("Shared.cs", &new), list]),
        [Verdict::AlreadyOauth2; 2]
    );
    assert_eq!(
        told("settle-dead", &[old, list, calendar]),
        [Verdict::Port; 2]
    );
    assert_eq!(told("settle-alone", &[list]), [Verdict::Port; 2]);
    // One that nobody asks for any more is left over.
    let names = NAMES.replace("Contacts", "YouTube");
    let other = ("packages.config", names.as_str());
    assert_eq!(told("settle-other", &[old, other]), [Verdict::Port; 2]);
}
