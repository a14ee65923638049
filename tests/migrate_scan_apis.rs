//! Which API a finding is for, and what that means for the verdict.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

use std::{collections::BTreeSet, path::Path};

use gdata_auth::migrate::{
    catalogue::Access,
    scan::{Finding, Verdict, text},
};

/// The ids of all APIs that a text is found to speak to.
fn apis(name: &str, source: &str) -> BTreeSet<&'static str> {
    text(name, source)
        .iter()
        .filter_map(|finding| Some(finding.service.as_ref()?.id))
        .collect()
}

fn labelled(file: &str) -> Vec<Finding> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/legacy")
        .join(file);
    text(file, &std::fs::read_to_string(path).unwrap())
}

// Modules and classes: gdata-python-client src/gdata/apps, gdata-java-client appsforyourdomain, google-gdata Google.GData.Apps.
#[test]
fn the_apis_of_google_apps_are_told_by_module_and_class() {
    for (name, source, id) in [
        (
            "a.py",
            "import gdata.apps.audit.service\ns.ClientLogin(u, p)",
            "email-audit",
        ),
        (
            "a.py",
            "from gdata.apps import audit\ns.ClientLogin(u, p)",
            "email-audit",
        ),
        (
            "a.py",
            "import gdata.apps\nimport gdata.apps.audit.service\ns.ClientLogin(u, p)",
            "email-audit",
        ),
        (
            "a.py",
            "import gdata.apps.adminsettings.service\ns.ClientLogin(u, p)",
            "admin-settings",
        ),
        (
            "a.py",
            "import gdata.apps.emailsettings.client\ns.ClientLogin(u, p)",
            "email-settings",
        ),
        (
            "a.py",
            "import gdata.apps.migration.service\ns.ClientLogin(u, p, service='apps')",
            "email-migration",
        ),
        (
            "a.py",
            "import gdata.calendar_resource.client\ns.ClientLogin(u, p)",
            "calendar-resources",
        ),
        (
            "a.py",
            "import gdata.apps.groups.service\ns.ClientLogin(u, p)",
            "provisioning",
        ),
        (
            "a.py",
            "import gdata.apps.organization.service\ns.ClientLogin(u, p)",
            "provisioning",
        ),
        (
            "a.py",
            "import gdata.apps.multidomain.client\ns.ClientLogin(u, p)",
            "provisioning",
        ),
        (
            "a.py",
            "import gdata.apps.service\ns = gdata.apps.service.AppsService(d)\ns.ProgrammaticLogin()",
            "provisioning",
        ),
        (
            "A.java",
            "import com.google.gdata.client.appsforyourdomain.audit.AuditService;\nclass A { void a() { s.setUserCredentials(u, p); } }",
            "email-audit",
        ),
        (
            "A.java",
            "import com.google.gdata.client.appsforyourdomain.migration.MailItemService;\nclass A { void a() { s.setUserCredentials(u, p); } }",
            "email-migration",
        ),
        (
            "A.java",
            "import com.google.gdata.client.appsforyourdomain.UserService;\nclass A { void a() { s.setUserCredentials(u, p); } }",
            "provisioning",
        ),
        (
            "a.cs",
            "using Google.GData.Apps;\nclass A { void a() { var s = new AuditService(d, a); s.setUserCredentials(u, p); } }",
            "email-audit",
        ),
        (
            "a.cs",
            "using Google.GData.Apps.GoogleMailSettings;\nclass A { void a() { s.setUserCredentials(u, p); } }",
            "email-settings",
        ),
        (
            "a.cs",
            "using Google.GData.Apps;\nclass A { void a() { var s = new AppsService(d, u, p); } }",
            "provisioning",
        ),
    ] {
        assert_eq!(apis(name, source), BTreeSet::from([id]), "{source}");
    }
}

#[test]
fn two_apis_of_google_apps_in_one_file_stay_apart() {
    let found = text(
        "a.py",
        "import gdata.apps.audit.service\nimport gdata.apps.service\n\
         a = gdata.apps.audit.service.AuditService(domain=d)\na.ClientLogin(u, p)\nfor mail in a.getEmailMonitors(user):\n    show(mail)\n\n\
         b = gdata.apps.service.AppsService(domain=d)\nb.ProgrammaticLogin()\n",
    );
    let of = |line: usize| {
        let finding = found.iter().find(|finding| finding.line == line).unwrap();
        finding.service.as_ref().unwrap().id
    };
    assert_eq!(
        [of(1), of(4), of(9)],
        ["email-audit", "email-audit", "provisioning"]
    );
    // A class of that name is nothing of Google's by itself.
    let own = "import com.google.gdata.client.docs.DocsService;\nclass A { AuditService a; void a() { s.setUserCredentials(u, p); } }";
    assert_eq!(apis("A.java", own), BTreeSet::from(["documents"]));
}

#[test]
fn mail_audit_keeps_its_library_and_mail_settings_do_not() {
    for (file, verdict) in [
        ("python/mail_monitor.py", Verdict::HeaderSwap),
        ("java/MailboxExport.java", Verdict::HeaderSwap),
        ("csharp/MailMonitor.cs", Verdict::HeaderSwap),
        ("python/vacation.py", Verdict::Port),
    ] {
        let found = labelled(file);
        assert!(
            !found.is_empty() && found.iter().all(|one| one.verdict == verdict),
            "{file}: {found:#?}"
        );
    }
}

#[test]
fn calls_of_a_dead_api_are_left_to_do_whatever_the_login() {
    let found = labelled("python/video_bearer.py");
    for finding in &found {
        let verdict = match finding.rule {
            "P21" => Verdict::AlreadyOauth2,
            _ => Verdict::Port,
        };
        assert_eq!(finding.verdict, verdict, "{finding:#?}");
        assert!(
            finding.message.contains("The login is done; YouTube"),
            "{finding:#?}"
        );
    }
    // Where nothing else is told of the file, the login stands for its calls.
    let alone = "t = gdata.gauth.OAuth2Token(client_id=a)\nc.ask(service='youtube')\n";
    let found = text("a.py", alone);
    assert_eq!(
        (found.len(), found[0].rule, found[0].verdict),
        (1, "P21", Verdict::Port)
    );
    // A living API asks for nothing more.
    let living = "t = gdata.gauth.OAuth2Token(client_id=a)\nu = 'https://apps-apis.google.com/a/feeds/compliance/audit/mail'\n";
    let found = text("a.py", living);
    assert!(
        found.len() == 2
            && found
                .iter()
                .all(|one| one.verdict == Verdict::AlreadyOauth2),
        "{found:#?}"
    );
}

#[test]
fn a_developer_key_is_one_of_youtube_whatever_stands_near() {
    let source = "<?php\ndefine('DEVELOPER_KEY', 'AI39siMadeUpMadeUp');\n\
        $c = new Zend_Gdata_Calendar(Zend_Gdata_ClientLogin::getHttpClient($u, $p, 'cl'));\n\
        $y = new Zend_Gdata_YouTube($h, 'a', 'b', DEVELOPER_KEY);\n";
    let found = text("a.php", source);
    let services: Vec<(&str, &str)> = found
        .iter()
        .map(|one| (one.rule, one.service.as_ref().unwrap().id))
        .collect();
    assert_eq!(services, [("W21", "youtube"), ("H1", "calendar")]);
}

#[test]
fn calls_tell_whether_an_api_is_read_or_written() {
    let access = |name: &str, head: &str, call: &str| {
        let found = text(name, &format!("{head}\n{call}\n"));
        assert!(!found.is_empty(), "{head}");
        found[0].access
    };
    let apps = "import gdata.apps.client";
    let java = "import com.google.gdata.client.calendar.CalendarService;\nclass A { void a() {";
    let php = "<?php $c = Zend_Gdata_ClientLogin::getHttpClient($u, $p, Zend_Gdata_Calendar::AUTH_SERVICE_NAME);";
    for (name, head, call) in [
        ("a.py", apps, "client.CreateUser('ann', 'Tide', 'Ann', pw)"),
        (
            "a.py",
            apps,
            "client.RetrieveUser('a')\nclient.DeleteUser('a')",
        ),
        (
            "a.py",
            apps,
            "self.client.AddOwnerToGroup(o, g)\nself.client.AddMemberToGroup(o, g)",
        ),
        (
            "a.py",
            "import gdata.calendar.service",
            "cal.InsertEvent(e, u)",
        ),
        (
            "a.py",
            "import gdata.spreadsheet.service",
            "gd_client.UpdateCell(1, 2, 'x', key)",
        ),
        (
            "a.py",
            "import gdata.docs.client",
            "client.delete_resource(entry)",
        ),
        ("A.java", java, "service.insert(url, entry); } }"),
        ("A.java", java, "myEntry.delete(); } }"),
        ("a.php", php, "$service->insertEvent($event);"),
    ] {
        assert_eq!(access(name, head, call), Some(Access::Write), "{call}");
    }
    for (name, head, call) in [
        ("a.py", apps, "client.RetrieveUser('ann')"),
        (
            "a.py",
            "import gdata.calendar.service",
            "feed = cal.GetCalendarEventFeed()",
        ),
        (
            "A.java",
            java,
            "service.getFeed(url, CalendarFeed.class); } }",
        ),
    ] {
        assert_eq!(access(name, head, call), Some(Access::Read), "{call}");
    }
    // The program's own lists, tables and users.
    for (name, head, call) in [
        ("a.py", apps, "names.insert(0, 'ann')\nlog.update(x)"),
        (
            "a.py",
            "import gdata.calendar.service",
            "db.createUser('ann')\ndb.deleteRow(3)",
        ),
        ("a.py", apps, "print('client.CreateUser(a)')"),
        (
            "A.java",
            java,
            "list.addAll(x); map.remove(y); el.addEventListener(z); } }",
        ),
    ] {
        assert_eq!(access(name, head, call), None, "{call}");
    }
}
