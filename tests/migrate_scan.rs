//! The scanner on the labelled tree of `fixtures/legacy`, and the shapes that single files cannot show.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]
#![expect(
    clippy::print_stdout,
    reason = "the figures are what people want to see"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use gdata_auth::migrate::scan::{
    Baseline, Finding, Kind, LITERALS, Language, Report, Scan, Verdict, check_patterns, report,
    rules, text,
};

/// The numbers of the fact sheet, without its exclusions (W27, G1).
const SHEET: &[(&str, usize)] = &[
    ("W", 30),
    ("P", 21),
    ("H", 17),
    ("J", 17),
    ("N", 10),
    ("R", 7),
    ("E", 4),
    ("S", 4),
    ("O", 1),
    ("C", 2),
    ("X", 3),
];

fn tree() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/legacy")
}

type Labels = BTreeMap<(String, usize), BTreeSet<String>>;

/// File and line, and the rules that a reader of the file would name; and every file.
fn labels() -> (Labels, BTreeSet<String>) {
    let table = std::fs::read_to_string(tree().join("labels.tsv")).unwrap();
    let (mut labels, mut files) = (BTreeMap::new(), BTreeSet::new());
    for row in table.lines().filter(|row| !row.starts_with('#')) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [file, line, rule] = columns[..] else {
            panic!("{row}")
        };
        files.insert(file.to_owned());
        if line != "-" {
            let rules: &mut BTreeSet<String> = labels
                .entry((file.to_owned(), line.parse().unwrap()))
                .or_default();
            rules.insert(rule.to_owned());
        }
    }
    (labels, files)
}

fn scanned() -> Report {
    let mut report = Scan::new()
        .hidden(true)
        .no_ignore(true)
        .run(&[tree()], |_, _| {})
        .unwrap();
    let root = format!("{}/", tree().display());
    for finding in report.findings.iter_mut().chain(&mut report.look_alikes) {
        finding.file = finding.file.strip_prefix(&root).unwrap().to_owned();
    }
    report
        .findings
        .retain(|finding| finding.file != "labels.tsv");
    report
}

#[test]
fn finds_what_a_reader_finds_and_little_else() {
    let (labels, files) = labels();
    let report = scanned();
    assert!(files.len() >= 220, "{}", files.len());
    let mut found: BTreeMap<(String, usize), BTreeSet<&str>> = BTreeMap::new();
    for finding in &report.findings {
        // A question to a person is no claim.
        if finding.verdict == Verdict::CheckByHand {
            continue;
        }
        let rules = found
            .entry((finding.file.clone(), finding.line))
            .or_default();
        rules.insert(finding.rule);
        rules.extend(&finding.also);
    }
    let right = found
        .keys()
        .filter(|place| labels.contains_key(place))
        .count();
    let precision = right as f64 / found.len() as f64;
    let recall = right as f64 / labels.len() as f64;
    let named = labels.iter().filter(|(place, rules)| {
        let got = found.get(place);
        got.is_some_and(|got| rules.iter().all(|rule| got.contains(rule.as_str())))
    });
    let named = named.count() as f64 / labels.len() as f64;
    println!(
        "{} files, {} labelled places: precision {precision:.3}, recall {recall:.3}, rule named {named:.3}",
        files.len(),
        labels.len()
    );
    for place in found.keys().filter(|place| !labels.contains_key(place)) {
        println!("too much: {place:?} {:?}", found[place]);
    }
    for (place, rules) in labels
        .iter()
        .filter(|(place, _)| !found.contains_key(*place))
    {
        println!("missed: {place:?} {rules:?}");
    }
    assert!(precision >= 0.98, "{precision}");
    assert!(recall >= 0.98, "{recall}");
    assert!(named >= 0.97, "{named}");
}

#[test]
fn claims_nothing_about_look_alikes_and_prose() {
    let report = scanned();
    let claims: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|finding| {
            finding.file.starts_with("lookalikes/") || finding.file.starts_with("prose/")
        })
        .filter(|finding| {
            finding.verdict != Verdict::CheckByHand && finding.kind != Kind::Inventory
        })
        .collect();
    assert!(claims.is_empty(), "{claims:#?}");
    assert!(
        report.look_alikes.len() >= 8,
        "{}",
        report.look_alikes.len()
    );
    assert!(report.only_comments >= 3, "{}", report.only_comments);
}

#[test]
fn has_every_shape_of_the_sheet_and_a_place_for_each_in_the_tree() {
    check_patterns().unwrap();
    let known: BTreeSet<&str> = rules().map(|rule| rule.id).collect();
    let wanted: BTreeSet<String> = SHEET
        .iter()
        .flat_map(|(letter, last)| (1..=*last).map(move |number| format!("{letter}{number}")))
        .filter(|id| id != "W27")
        .collect();
    assert_eq!(wanted.len(), 115, "114 shapes, and P21 for what is done");
    let missing: Vec<&String> = wanted
        .iter()
        .filter(|id| !known.contains(id.as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    let report = scanned();
    let hit: BTreeSet<&str> = report
        .findings
        .iter()
        .flat_map(|finding| finding.also.iter().copied().chain([finding.rule]))
        .collect();
    let unseen: Vec<&String> = wanted
        .iter()
        .filter(|id| !hit.contains(id.as_str()))
        .collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

#[test]
fn the_literals_let_every_labelled_file_pass() {
    assert!(LITERALS.len() <= 64, "{}", LITERALS.len());
    assert!(
        LITERALS
            .iter()
            .all(|literal| (5..=24).contains(&literal.len()))
    );
    for file in labels().0.keys().map(|(file, _)| file) {
        let text = std::fs::read_to_string(tree().join(file)).unwrap();
        assert!(
            LITERALS.iter().any(|literal| text.contains(literal)),
            "{file}"
        );
    }
}

fn verdict(name: &str, source: &str) -> Vec<(&'static str, Verdict)> {
    text(name, source)
        .iter()
        .map(|finding| (finding.rule, finding.verdict))
        .collect()
}

#[test]
fn a_secret_is_told_by_itself_and_blotted_out() {
    let java = "import com.google.gdata.client.authn.oauth.*;\nclass A { void a() {";
    for (name, before, line, secret) in [
        (
            "a.py",
            "import gdata.docs.service\nsvc.ProgrammaticLogin()\n",
            "svc.password = 'Tr0ub4dor&3'",
            "Tr0ub4dor&3",
        ),
        (
            "a.sh",
            "curl https://www.google.com/accounts/ClientLogin \\\n  -d accountType=GOOGLE \\\n",
            "  -d Passwd=hunter2",
            "hunter2",
        ),
        (
            "a.py",
            "import gdata.docs.client\n",
            "c.SetOAuthInputParameters(m, 'example.com', consumer_secret='s-Canary/9')",
            "s-Canary/9",
        ),
        (
            "A.java",
            java,
            "p.setOAuthConsumerSecret(\"java-secret-9\");",
            "java-secret-9",
        ),
        (
            "a.cs",
            "using Google.GData.Client;\n",
            "parameters.ConsumerSecret = \"cs-secret-9\";",
            "cs-secret-9",
        ),
    ] {
        let source = format!("{before}\n{line}\n");
        let found = text(name, &source);
        let at = source.lines().position(|own| own == line).unwrap() + 1;
        let told = found
            .iter()
            .find(|one| one.line == at && one.kind == Kind::Leak);
        assert_eq!(told.map(|one| one.rule), Some("W30"), "{line}: {found:#?}");
        assert!(
            !found.iter().any(|one| one.excerpt.contains(secret)),
            "{found:#?}"
        );
    }
    for line in [
        "p.setOAuthConsumerSecret(secret);",
        "p.setOAuthConsumerSecret(\"anonymous\");",
        "p.put(\"consumer_secret\", s);",
        "String consumerSecret = \"oauth_consumer_secret\";",
        "b.append(\"&Passwd=\").append(pw).append(\"&x\");",
    ] {
        let found = text("A.java", &format!("{java}\n{line}\n}} }}"));
        assert!(
            found.iter().all(|one| one.kind != Kind::Leak),
            "{line}: {found:#?}"
        );
    }
}

#[test]
fn gives_each_kind_of_verdict() {
    assert_eq!(
        verdict(
            "a.py",
            "url = 'https://apps-apis.google.com/a/feeds/compliance/audit/mail/monitor/x'"
        ),
        [("W26", Verdict::HeaderSwap)]
    );
    assert_eq!(
        verdict("a.py", "url = 'http://gdata.youtube.com/feeds/api/videos'"),
        [("W26", Verdict::Port)]
    );
    assert_eq!(
        verdict("a.py", "url = 'https://sites.google.com/feeds/content/x'"),
        [("W26", Verdict::NoSuccessor)]
    );
    assert_eq!(
        verdict(
            "A.java",
            "import com.google.gdata.client.calendar.CalendarService;\nclass A { void a(CalendarService s) { s.setOAuth2Credentials(c); } }"
        ),
        [("J14", Verdict::Port), ("P21", Verdict::AlreadyOauth2)]
    );
    assert_eq!(
        verdict("a.py", "post(self.base + '/accounts/ClientLogin', form)"),
        [("W8", Verdict::CheckByHand)]
    );
    assert_eq!(
        verdict(
            "a.py",
            "post('https://rss.example.com/accounts/ClientLogin', form)"
        ),
        [("W8", Verdict::LookAlike)]
    );
    let found = text(
        "a.py",
        "post('https://www.google.com/accounts/ClientLogin', {'service': 'wise', 'Passwd': p})",
    );
    let service = found[0].service.as_ref().unwrap();
    assert_eq!(
        (service.id, service.successor),
        ("spreadsheets", Some("Sheets API v4"))
    );
    assert!(
        found[0].message.contains("auth/spreadsheets.readonly"),
        "{}",
        found[0].message
    );
}

#[test]
fn puts_split_strings_together() {
    for (name, source) in [
        (
            "a.rb",
            "u = 'https://www.google.com/accounts/AuthSub' +\n  'Request'",
        ),
        (
            "a.php",
            "<?php $u = 'https://www.google.com/accounts/Auth' . 'Sub'\n . 'Request';",
        ),
        (
            "a.c",
            "char *u = \"https://www.google.com/accounts/AuthSub\" /* then */\n  \"Request\";",
        ),
        (
            "a.py",
            "u = ('https://www.google.com/accounts/AuthSub'\n     'Request')",
        ),
        (
            "a.js",
            "var u = \"https://www.google.com/accounts/AuthSub\\\nRequest\";",
        ),
        (
            "a.vb",
            "u = \"https://www.google.com/accounts/AuthSub\" & _\n  \"Request\"",
        ),
        (
            "a.cs",
            "var u = \"https://www.google.com/accounts/AuthSub\" + @\"Request\";",
        ),
    ] {
        let found = text(name, source);
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert!(
            ["W1", "W5"].contains(&found[0].rule) && found[0].line == 1,
            "{name}: {found:?}"
        );
    }
}

#[test]
fn comments_and_documentation_do_nothing() {
    for (name, source) in [
        (
            "a.py",
            "# https://www.google.com/accounts/ClientLogin\n\"\"\"GoogleLogin auth=\"\"\"\n",
        ),
        (
            "a.py",
            "def f():\n    '''POST https://www.google.com/accounts/ClientLogin'''\n    return 1\n",
        ),
        (
            "a.php",
            "<?php // AuthSub token=\"x\" ?>\n<p>https://www.google.com/accounts/AuthSubRequest</p>",
        ),
        ("a.rb", "=begin\nGData::Auth::ClientLogin.new('cp')\n=end\n"),
        ("a.pl", "1;\n__END__\nNet::Google::AuthSub->new\n"),
        (
            "a.el",
            "; \"https://www.google.com/accounts/ClientLogin\"\n",
        ),
        (
            "a.hs",
            "{- \"https://www.google.com/accounts/ClientLogin\" -}\nx = 1\n",
        ),
        ("a.vb", "' service.setUserCredentials(\"a\", \"b\")\n"),
        (
            "a.html",
            "<!-- <a href=\"https://www.google.com/accounts/AuthSubRequest\"> -->",
        ),
        (
            "CHANGES.md",
            "`https://www.google.com/accounts/ClientLogin` is gone",
        ),
        (
            "a.java",
            "/** service.setUserCredentials(a, b) */ class A {}",
        ),
        (
            "A.java",
            "import x.Y;\nclass A { public void setUserCredentials(String a, String b) {} }",
        ),
        (
            "gdata.client.html",
            "<a href=\"gdata.service.html\">x</a> <a href=\"#CaptchaRequired\">y</a> <a name=\"BadAuthentication\">x</a>",
        ),
        (
            "Client.xml",
            "<doc><members><member name=\"P:Google.GData.Client.CaptchaToken\"/></members></doc>",
        ),
    ] {
        assert_eq!(verdict(name, source), [], "{name}");
    }
    // A quote in a comment, a regular expression or a character opens no string.
    for (name, source) in [
        (
            "a.js",
            "var a = /['\"]/; // it's\nvar u = 'https://www.google.com/accounts/AuthSubRequest';",
        ),
        (
            "a.c",
            "char q = '\"'; char *u = \"https://www.google.com/accounts/AuthSubRequest\";",
        ),
        (
            "a.rs",
            "fn f<'a>(x: &'a str) { g(\"https://www.google.com/accounts/AuthSubRequest\") }",
        ),
        (
            "a.pl",
            "$x =~ s/'//g; my $u = 'https://www.google.com/accounts/AuthSubRequest';",
        ),
        (
            "a.sh",
            "echo it\\'s; open https://www.google.com/accounts/AuthSubRequest",
        ),
        (
            "a.el",
            "(f ?\\\" \"https://www.google.com/accounts/AuthSubRequest\")",
        ),
    ] {
        let rules: Vec<&str> = verdict(name, source)
            .iter()
            .map(|(rule, _)| *rule)
            .collect();
        assert_eq!(rules, ["W1"], "{name}");
    }
}

#[test]
fn a_quoted_word_announces_a_text_and_opens_no_string() {
    let link = "'https://www.google.com/accounts/AuthSubRequest'";
    for (name, source) in [
        (
            "a.rb",
            format!("x = <<-\"END\"\n  say \"\n  END\nu = {link}"),
        ),
        ("a.rb", format!("x = <<~'END'\n  it's\n  END\nu = {link}")),
        (
            "a.pl",
            format!("my $x = <<'END';\nit's\nEND\nmy $u = {link};"),
        ),
        ("a.sh", format!("cat <<'END' > x\nit's\nEND\nopen {link}")),
        (
            "a.php",
            format!("<?php $x = <<<'END'\nit's\nEND;\n$u = {link};"),
        ),
    ] {
        assert_eq!(verdict(name, &source), [("W1", Verdict::Port)], "{source}");
    }
}

#[test]
fn a_token_is_logged_by_its_name_or_by_what_is_said_of_it() {
    let leaks = |line: &str| {
        let source = format!("import gdata.docs.client\nc.client_login(a, b)\n{line}\n");
        let found = text("a.py", &source);
        found.iter().any(|finding| finding.rule == "L1")
    };
    for line in [
        "print(c.auth_token)",
        "log.debug('token %s', token.token_string)",
        "print('the access token ' + given)",
        "logger.info('session token: ' + s)",
    ] {
        assert!(leaks(line), "{line}");
    }
    for line in [
        "print('for ' + c.auth_token.requestor_id)",
        "print('no token')",
        "print('the token is gone')",
        "log.error('cannot get an access token.')",
    ] {
        assert!(!leaks(line), "{line}");
    }
}

#[test]
fn a_token_is_logged_wherever_it_is_kept() {
    let login = [
        (
            "a.php",
            "<?php $u = Zend_Gdata_AuthSub::getAuthSubTokenUri($n, $s);",
        ),
        ("a.py", "import gdata.docs.client\nc.client_login(a, b)"),
        ("a.rb", "GData::Auth::ClientLogin.new('cp')"),
        (
            "a.js",
            "var u = 'https://www.google.com/accounts/AuthSubRequest';",
        ),
    ];
    let leaks = |name: &str, line: &str| {
        let (_, login) = login.iter().find(|(own, _)| *own == name).unwrap();
        let found = text(name, &format!("{login}\n{line}\n"));
        found.iter().any(|finding| finding.rule == "L1")
    };
    for (name, line) in [
        (
            "a.php",
            "error_log('new token ' . $_SESSION['sessionToken']);",
        ),
        (
            "a.php",
            "error_log(\"new token {$_SESSION['sessionToken']}\");",
        ),
        ("a.py", "print('x', session['token'])"),
        ("a.py", "print('x', self.token)"),
        ("a.py", "logging.info('x %s', session.get(\"token\"))"),
        ("a.rb", "logger.info \"x \" + session['token']"),
        ("a.rb", "logger.info(\"x #{params[:token]}\")"),
        ("a.rb", "logger.debug params[:token]"),
        ("a.js", "console.log('x', req.session['token']);"),
        ("a.js", "console.log('x ' + req.session.token);"),
    ] {
        assert!(leaks(name, line), "{line}");
    }
    for (name, line) in [
        ("a.php", "error_log('no sessionToken in the session');"),
        ("a.py", "print('session[\"token\"] is missing')"),
        ("a.py", "print('x', sorted(['token']))"),
        ("a.py", "print('x', help('token'))"),
        ("a.js", "console.log('x', {kind: 'token'});"),
    ] {
        assert!(!leaks(name, line), "{line}");
    }
}

#[test]
fn names_of_settings_are_shown_and_their_values_are_not() {
    let shown = |name: &str, source: &str| {
        let found = text(name, source);
        found.last().map(|one| one.excerpt.clone()).unwrap()
    };
    let java = "import com.google.gdata.client.docs.DocsService;\nclass A { void a() {\n";
    for (name, source) in [
        (
            "A.java",
            format!("{java}s.setUserCredentials(settings.getProperty(\"google.email\"), settings.getProperty(\"google.password\"));"),
        ),
        (
            "a.php",
            "<?php\n$c = Zend_Gdata_AuthSub::getHttpClient($_SESSION['sessionToken']);".to_owned(),
        ),
        (
            "a.py",
            "import gdata.docs.client\nc.ClientLogin(os.environ['WHO'], os.getenv('PASS'), source='tides-1')".to_owned(),
        ),
    ] {
        let excerpt = shown(name, &source);
        assert!(source.ends_with(&excerpt) && !excerpt.contains('*'), "{excerpt}");
    }
    for (name, source, secret) in [
        (
            "A.java",
            format!(
                "{java}s.setUserCredentials(settings.getProperty(\"google.email\", \"hunter2canary\"), pw);"
            ),
            "hunter2canary",
        ),
        (
            "a.py",
            "import gdata.docs.client\nc.ClientLogin(*['me@example.com', 'hunter2canary'])"
                .to_owned(),
            "hunter2canary",
        ),
    ] {
        let excerpt = shown(name, &source);
        assert!(!excerpt.contains(secret), "{excerpt}");
    }
}

#[test]
fn a_google_password_in_settings_needs_no_address_beside_it() {
    let found = verdict(
        "batch.properties",
        "google.email=me@example.com\ngoogle.password=Tr0ub4dor3\ngoogle.service=wise\n",
    );
    assert_eq!(found, [("W30", Verdict::ReplaceSecret)]);
    for (name, source) in [
        ("app.properties", "google.password=Tr0ub4dor3\n"),
        ("app.env", "export GOOGLE_PASSWORD=Tr0ub4dor3\n"),
        ("app.ini", "[mail]\ngoogle_passwd = Tr0ub4dor3\n"),
    ] {
        assert_eq!(
            verdict(name, source),
            [("W30", Verdict::CheckByHand)],
            "{source}"
        );
    }
    for (name, source) in [
        ("app.properties", "google.password=${SECRET}\n"),
        ("app.properties", "google.password=\n"),
        ("app.properties", "google.passage=north\n"),
        ("app.py", "config['google_password_reset'] = 'a/b'\n"),
    ] {
        assert_eq!(verdict(name, source), [], "{source}");
    }
}

#[test]
fn definitions_of_lisp_say_what_they_are_for() {
    for source in [
        "(defun a (b)\n  \"GoogleLogin auth=\"\n  b)",
        "(defvar a \"x\"\n  \"https://www.google.com/accounts/ClientLogin\")",
        "(defun a ()\n  \"AuthSub token=\"\n  (b))",
    ] {
        assert_eq!(verdict("a.el", source), [], "{source}");
    }
    for (source, rule) in [
        ("(defun a ()\n  \"AuthSub token=\")", "W6"),
        (
            "(concat \"x\"\n  \"https://www.google.com/accounts/ClientLogin\")",
            "W8",
        ),
        (
            "(defvar a\n  \"https://www.google.com/accounts/ClientLogin\")",
            "W8",
        ),
    ] {
        let found: Vec<&str> = verdict("a.el", source)
            .iter()
            .map(|(rule, _)| *rule)
            .collect();
        assert_eq!(found, [rule], "{source}");
    }
}

#[test]
fn an_answer_that_was_kept_is_no_call_and_one_that_is_made_is() {
    let kept =
        "X = \"\"\"<entry><id>http://gdata.youtube.com/feeds/api/videos/1</id></entry>\"\"\"";
    assert_eq!(verdict("a.py", kept), []);
    let made =
        "x = '<link rel=\"edit\" href=\"http://gdata.youtube.com/feeds/api/videos/%s\"/>' % y";
    assert_eq!(verdict("a.py", made), [("W26", Verdict::Port)]);
}

#[test]
fn blots_out_secrets_everywhere() {
    let canaries = [
        "hunter2canary",
        "AI39siCanaryCanaryCanary",
        "1/canarycanarycanarycanary",
        "DQAAcanarycanarycanary",
    ];
    let source = format!(
        "import gdata.calendar.service\nimport gspread\n\
         gspread.login('me@example.com', '{0}')\n\
         s.ClientLogin('me@example.com', '{0}')\n\
         key = '{1}'\n\
         headers = {{'Authorization': 'AuthSub token=\"{2}\"'}}\n\
         headers = {{'Authorization': 'GoogleLogin auth={3}'}}\n\
         url = 'https://www.google.com/accounts/ClientLogin?Email=a&Passwd={0}&service=cl'\n\
         password = '{0}'\n",
        canaries[0], canaries[1], canaries[2], canaries[3]
    );
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("scan-canaries");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("a.py"), source).unwrap();
    let found = Scan::new().run(&[folder], |_, _| {}).unwrap();
    assert!(found.findings.len() >= 7, "{:#?}", found.findings);
    let view = report::View::of(&found, None, true);
    for text in [
        report::json(&found, &view).unwrap(),
        report::sarif(&found, &view).unwrap(),
        report::html(&found, &view),
        Baseline::of(&found.findings).to_json().unwrap(),
        format!("{found:?}"),
    ] {
        for canary in canaries {
            assert!(!text.contains(canary), "{canary} in {text}");
        }
    }
}

#[test]
fn a_baseline_knows_lines_that_moved_and_counts_those_that_came() {
    let call = "s.ProgrammaticLogin()\n";
    let before = text("a.py", call);
    let baseline = Baseline::parse(&Baseline::of(&before).to_json().unwrap()).unwrap();
    assert_eq!(baseline, Baseline::of(&before));
    let moved = text("a.py", &format!("# a line\n\n    {call}"));
    assert_eq!(baseline.new_ones(&moved), [false]);
    let twice = text("a.py", &format!("{call}{call}"));
    assert_eq!(baseline.new_ones(&twice), [false, true]);
    assert_eq!((baseline.gone(&twice), baseline.gone(&[])), (0, 1));
    let elsewhere = text("b.py", call);
    assert_eq!(baseline.new_ones(&elsewhere), [true]);
}

#[test]
fn tells_languages_apart() {
    for (name, head, language) in [
        ("x.py", "", Language::Python),
        ("tool", "#!/usr/bin/env python2.7\n", Language::Python),
        ("tool", "#!/bin/sh\n", Language::Shell),
        (
            "x.h",
            "#import <Foundation/Foundation.h>",
            Language::ObjectiveC,
        ),
        ("x.h", "#include <stdio.h>", Language::C),
        ("x.m", "% a matrix\n", Language::Unknown),
        ("requirements-dev.txt", "", Language::Dependencies),
        ("notes.txt", "", Language::Prose),
        ("README", "", Language::Prose),
        ("ChangeLog.old", "", Language::Prose),
        ("config.php.dist", "", Language::Php),
        (
            "x.xml",
            "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
            Language::Recorded,
        ),
        ("noending", "", Language::Unknown),
        (
            "noending",
            "> GET /feeds HTTP/1.1\n> Host: example.com\n",
            Language::Recorded,
        ),
        (
            "x.json",
            "{\"feed\":{\"id\":{\"$t\":\"x\"}}}",
            Language::Recorded,
        ),
        ("requirements/base.txt", "", Language::Dependencies),
        ("x.py.bak", "", Language::Python),
    ] {
        assert_eq!(Language::of(Path::new(name), head), language, "{name}");
    }
}
