//! Why it stopped: what real servers and libraries left behind, and what every era of the emulator refuses.

mod support;

use gdata_auth::{
    clientlogin,
    emulator::Era,
    migrate::explain::{Sure, explain, signatures},
    oauth1,
};
use support::world::World;

fn first(text: &str) -> String {
    let explained = explain(text);
    explained
        .explanations
        .first()
        .map_or_else(|| "nothing".to_owned(), |first| first.id.clone())
}

#[test]
fn every_failure_of_the_fact_sheet_is_explained() {
    // migration.md 1.5.
    for (text, id) in [
        (
            "HTTP/1.1 404 Not Found\nContent-Type: text/plain\n\nhttps://developers.google.com/accounts/docs/AuthForInstalledApps",
            "clientlogin-gone",
        ),
        (
            "https://developers.google.com/accounts/docs/AuthForInstalledApps",
            "clientlogin-gone",
        ),
        (
            "POST https://www.google.com/accounts/ClientLogin failed: HTTP 404",
            "clientlogin-gone",
        ),
        (
            "HTTP/1.1 307 Temporary Redirect\nLocation: https://accounts.google.com/OAuthGetRequestToken?scope=x",
            "oauth1-gone",
        ),
        (
            "GET http://gdata.youtube.com/feeds/api/users/default/uploads HTTP/1.1\nHTTP/1.1 410 Gone",
            "youtube-v2-gone",
        ),
        ("<TITLE>No longer available</TITLE>", "service-gone"),
        (
            "http://eol.gdata.youtube.com/feeds/api/videos answered 410",
            "youtube-rehearsal",
        ),
        (
            "PHP Fatal error: Uncaught exception 'Zend_Gdata_App_Exception' with message 'DOMDocument cannot parse XML: DOMDocument::loadXML(): Empty string supplied as input'",
            "zend-hidden-error",
        ),
        (
            "<TITLE>Token invalid - Invalid token: Stateless token expired</TITLE>",
            "stateless-token-expired",
        ),
        (
            "<H1>NoLinkedYouTubeAccount</H1><H2>Error 401</H2>",
            "no-channel",
        ),
    ] {
        assert_eq!(first(text), id, "{text}");
    }
}

#[test]
fn what_libraries_print_is_explained() {
    for (text, id) in [
        (
            "gdata.service.BadAuthentication: Incorrect username or password",
            "login-refused",
        ),
        (
            "gdata.service.RequestError: {'status': 401, 'body': '<HTML><HEAD><TITLE>Token invalid - Invalid AuthSub token.</TITLE>', 'reason': 'Token invalid'}",
            "invalid-token",
        ),
        (
            "gdata.service.RequestError: {'status': 401L, 'body': '', 'reason': 'Unauthorized'}",
            "python-request",
        ),
        (
            "gdata.client.Unauthorized: Unauthorized - Server responded with: 401, <TITLE>Token invalid - AuthSub token has wrong scope</TITLE>",
            "wrong-scope",
        ),
        ("gdata.service.NonAuthSubToken", "python-not-logged-in"),
        (
            "Fatal error: Uncaught exception 'Zend_Gdata_App_AuthException' with message 'Authentication with Google failed. Reason: BadAuthentication'",
            "login-refused",
        ),
        (
            "Zend_Gdata_App_HttpException: Expected response code 200, got 410",
            "zend-http",
        ),
        (
            "Google.GData.Client.GDataRequestException: Execution of request failed: https://www.google.com/calendar/feeds/default ---> System.Net.WebException: The remote server returned an error: (404) Not Found.",
            "feed-gone",
        ),
        (
            "Google.GData.Client.GDataRequestException: Execution of authentication request returned unexpected result: 404",
            "login-unreachable",
        ),
        (
            "com.google.gdata.util.AuthenticationException: Error connecting with login URI",
            "login-unreachable",
        ),
        (
            "java.lang.NullPointerException: No authentication header information\n\tat com.google.gdata.util.AuthenticationException.initFromAuthHeader(AuthenticationException.java:96)",
            "java-null-challenge",
        ),
        (
            "com.google.gdata.client.GoogleService$SessionExpiredException: Token expired",
            "token-expired",
        ),
        (
            "com.google.gdata.client.GoogleService$InvalidCredentialsException: Invalid credentials",
            "login-refused",
        ),
        (
            "oauth2client.client.HttpAccessTokenRefreshError: invalid_grant: Token has been expired or revoked.",
            "token-revoked",
        ),
        (
            "google.auth.exceptions.RefreshError: ('invalid_grant: Bad Request', {'error': 'invalid_grant'})",
            "oauth2-invalid_grant",
        ),
        (
            "Error 400: invalid_request The out-of-band (OOB) flow has been blocked",
            "out-of-band-blocked",
        ),
        (
            "{\"error\":\"unsupported_grant_type\"}",
            "oauth2-unsupported_grant_type",
        ),
        (
            "403 Forbidden <errors><error><domain>yt:quota</domain><code>too_many_recent_calls</code></error></errors>",
            "quota",
        ),
        (
            "{\"error\":{\"code\":403,\"errors\":[{\"reason\":\"accessNotConfigured\"}]}}",
            "api-not-enabled",
        ),
    ] {
        let explained = explain(text);
        let ids: Vec<&str> = explained
            .explanations
            .iter()
            .map(|it| it.id.as_str())
            .collect();
        assert!(ids.contains(&id), "{text}: {ids:?}");
        assert!(
            ids[0] == id || explained.explanations[0].sure >= Sure::Likely,
            "{text}: {ids:?}"
        );
    }
}

#[test]
fn every_code_of_the_protocols_is_explained() {
    for code in clientlogin::ErrorCode::ALL {
        let text = format!("Url=http://www.google.com/login\nError={}\n", code.as_str());
        assert_eq!(first(&text), format!("clientlogin-{}", code.as_str()));
    }
    for problem in oauth1::Problem::ALL {
        let text = format!("oauth_problem={}&oauth_problem_advice=x", problem.word);
        let ids: Vec<String> = explain(&text)
            .explanations
            .into_iter()
            .map(|it| it.id)
            .collect();
        assert!(
            ids.contains(&format!("oauth1-{}", problem.word)),
            "{text}: {ids:?}"
        );
    }
    let app_password = explain("Error=BadAuthentication\nInfo=InvalidSecondFactor\n");
    assert!(
        app_password.explanations[0]
            .meaning
            .contains("app password")
    );
}

#[test]
fn several_signatures_are_ranked_and_told_once() {
    let explained = explain(
        "gdata.service.RequestError: {'status': 404}\nhttps://developers.google.com/accounts/docs/AuthForInstalledApps\n\
         com.google.gdata.util.ServiceException\nhttps://www.google.com/accounts/ClientLogin 404",
    );
    let ids: Vec<&str> = explained
        .explanations
        .iter()
        .map(|it| it.id.as_str())
        .collect();
    assert_eq!(ids[0], "clientlogin-gone");
    assert_eq!(
        ids.iter().filter(|id| **id == "clientlogin-gone").count(),
        1
    );
    assert!(ids.len() > 2, "{ids:?}");
    let sure: Vec<Sure> = explained.explanations.iter().map(|it| it.sure).collect();
    assert!(sure.is_sorted_by(|one, other| one >= other), "{sure:?}");
    let first = &explained.explanations[0];
    assert!(first.since.as_deref().unwrap().starts_with("2015-04-20"));
    assert!(first.link.is_some());
    assert_eq!(explained.statuses, [404]);
}

#[test]
fn nothing_of_the_text_is_told_again() {
    let secret = "1/CANARYcanaryCANARYcanaryCANARYcanaryCANARYca";
    for text in [
        format!("401 Token invalid - Cannot parse AuthSub token: {secret}"),
        format!(
            "Authorization: AuthSub token=\"{secret}\"\n401 {secret} invalid_grant oauth_problem=token_rejected"
        ),
        format!("HTTP/1.1 418 {secret}"),
        format!("HTTP/1.1 500 {secret}"),
        format!(
            "Error=BadAuthentication Email={secret}&Passwd={secret} https://gdata.youtube.com/feeds/api/?token={secret} 410"
        ),
    ] {
        let explained = explain(&text);
        assert!(!explained.explanations.is_empty(), "{text}");
        let told = format!(
            "{explained:?}{}",
            serde_json::to_string(&explained).unwrap()
        );
        assert!(!told.to_lowercase().contains("canary"), "{told}");
    }
}

#[test]
fn a_text_of_any_size_or_kind_is_survived() {
    assert_eq!(first(""), "nothing");
    assert_eq!(first("the weather is fine on 410 days"), "nothing");
    let long = format!(
        "{}\u{1f600}Token invalid - AuthSub token has wrong scope",
        "\u{e9}x ".repeat(1_000_000)
    );
    assert_eq!(first(&long), "wrong-scope");
    assert_eq!(first(&"401 ".repeat(100_000)), "nothing");
}

#[test]
fn every_line_of_the_table_can_be_reached() {
    for signature in signatures() {
        let words = [signature.all, &signature.any[..signature.any.len().min(1)]].concat();
        let status = signature
            .statuses
            .first()
            .map_or(String::new(), |status| format!("HTTP/1.1 {status}\n"));
        let text = format!("{status}{}", words.join(" "));
        let explained = explain(&text);
        let found = explained
            .explanations
            .iter()
            .any(|it| it.id == signature.id);
        assert!(found, "{}: {text}", signature.id);
        assert!(!signature.next.is_empty() && !signature.meaning.is_empty());
    }
}

/// What a client does wrong, as bare requests: address, method, header, body.
const WRONGS: &[(&str, &str, Option<&str>, &str)] = &[
    (
        "POST",
        "https://www.google.com/accounts/ClientLogin",
        None,
        "Email=ann%40example.com&Passwd=wrong&service=youtube&source=x",
    ),
    (
        "POST",
        "https://www.google.com/accounts/ClientLogin",
        None,
        "service=youtube",
    ),
    (
        "GET",
        "https://www.google.com/accounts/AuthSubSessionToken",
        Some("AuthSub token=\"1/unknown\""),
        "",
    ),
    (
        "GET",
        "https://www.google.com/accounts/AuthSubTokenInfo",
        Some("AuthSub token=\"1/unknown\""),
        "",
    ),
    (
        "GET",
        "https://www.google.com/accounts/AuthSubRevokeToken",
        Some("GoogleLogin auth=DQAAAx"),
        "",
    ),
    (
        "GET",
        "https://www.google.com/accounts/AuthSubRequest?next=nowhere",
        None,
        "",
    ),
    (
        "GET",
        "http://gdata.youtube.com/feeds/api/users/default/uploads",
        None,
        "",
    ),
    (
        "GET",
        "http://gdata.youtube.com/feeds/api/users/default/uploads",
        Some("AuthSub token=\"1/unknown\""),
        "",
    ),
    (
        "GET",
        "http://gdata.youtube.com/feeds/api/users/default/uploads",
        Some("GoogleLogin auth=DQAAAunknown"),
        "",
    ),
    (
        "GET",
        "http://gdata.youtube.com/feeds/api/users/default/uploads",
        Some("Bearer ya29.unknown"),
        "",
    ),
    (
        "GET",
        "http://gdata.youtube.com/feeds/api/users/default/uploads",
        Some("Basic eDp5"),
        "",
    ),
    (
        "GET",
        "http://gdata.youtube.com/feeds/api/videos/nothing",
        None,
        "",
    ),
    (
        "GET",
        "https://www.google.com/calendar/feeds/default/allcalendars/full",
        Some("AuthSub token=\"1/unknown\""),
        "",
    ),
    (
        "GET",
        "https://eol.gdata.youtube.com/feeds/api/videos",
        None,
        "",
    ),
    (
        "GET",
        "https://www.google.com/accounts/OAuthGetRequestToken?scope=http%3A%2F%2Fgdata.youtube.com",
        None,
        "",
    ),
    (
        "GET",
        "https://www.google.com/accounts/OAuthGetAccessToken",
        Some(
            "OAuth oauth_consumer_key=\"nobody\", oauth_token=\"4/x\", oauth_signature_method=\"HMAC-SHA1\", oauth_signature=\"x\", oauth_timestamp=\"1300000000\", oauth_nonce=\"1\"",
        ),
        "",
    ),
    (
        "POST",
        "https://oauth2.googleapis.com/token",
        None,
        "grant_type=refresh_token&client_id=app&refresh_token=1%2F%2Funknown",
    ),
    (
        "POST",
        "https://oauth2.googleapis.com/token",
        None,
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Amigration%3Aoauth1&client_id=app",
    ),
    (
        "POST",
        "https://oauth2.googleapis.com/token",
        None,
        "grant_type=strange&client_id=app",
    ),
    (
        "POST",
        "https://oauth2.googleapis.com/revoke",
        None,
        "token=ya29.unknown",
    ),
    (
        "GET",
        "https://www.googleapis.com/youtube/v3/channels?part=id&mine=true",
        Some("Bearer ya29.unknown"),
        "",
    ),
    (
        "GET",
        "https://www.googleapis.com/youtube/v3/search?part=snippet",
        None,
        "",
    ),
];

#[tokio::test]
async fn every_refusal_of_every_era_of_the_emulator_is_explained() {
    let mut refusals = 0;
    for era in [Era::Y2009, Era::Y2013, Era::AfterShutdown] {
        let world = World::with(|config| config.in_era(era));
        for (method, address, header, body) in WRONGS {
            let mut request = http::Request::builder().method(*method).uri(*address);
            if let Some(header) = header {
                request = request.header("authorization", *header);
            }
            if *method == "POST" {
                request = request.header("content-type", "application/x-www-form-urlencoded");
            }
            let answer = world
                .send(request.body(bytes::Bytes::from(*body)).unwrap())
                .await;
            if !(answer.status().is_client_error()
                || answer.status().is_server_error()
                || answer.status() == 307)
            {
                continue;
            }
            refusals += 1;
            let mut raw = format!("{method} {address}\nHTTP/1.1 {}\n", answer.status());
            for (name, value) in answer.headers() {
                raw.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
            }
            raw.push_str(&String::from_utf8_lossy(answer.body()));
            let explained = explain(&raw);
            let best = explained.explanations.first();
            let best = best.unwrap_or_else(|| panic!("{era:?}: nothing for {raw}"));
            if era == Era::AfterShutdown && !address.contains("googleapis.com") {
                let gone = best.id.ends_with("-gone") || best.id.ends_with("-rehearsal");
                assert!(gone, "{era:?} {address}: {} for {raw}", best.id);
            }
        }
    }
    assert!(refusals > 50, "{refusals}");
}

#[test]
fn each_library_is_told_from_its_neighbours() {
    let ids = |text: &str| {
        let explained = explain(text).explanations;
        explained.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    let java = "com.google.gdata.util.AuthenticationException: Error connecting with login URI\n\
                \tat com.google.gdata.client.GoogleAuthTokenFactory.getAuthToken(GoogleAuthTokenFactory.java:549)\n\
                \tat com.google.gdata.client.GoogleService.setUserCredentials(GoogleService.java:407)";
    let told = ids(java);
    assert_eq!(told[0], "java-clientlogin", "{told:?}");
    for other in [
        "dotnet-request",
        "python-request-other",
        "java-authentication",
    ] {
        assert!(!told.iter().any(|id| id == other), "{other}: {told:?}");
    }
    let dotnet = ids(
        "Google.GData.Client.GDataRequestException: Execution of request failed: http://a.example/",
    );
    assert!(dotnet.iter().any(|id| id == "dotnet-request"), "{dotnet:?}");
    assert!(
        !dotnet.iter().any(|id| id.starts_with("python")),
        "{dotnet:?}"
    );
    let python = ids(
        "File \"gdata/client.py\", line 320\ngdata.client.RequestError: Server responded with: 500",
    );
    assert!(
        python.iter().any(|id| id == "python-request-other"),
        "{python:?}"
    );
}

#[test]
fn a_second_factor_is_told_with_and_without_its_error() {
    for text in [
        "Error=BadAuthentication\nInfo=InvalidSecondFactor",
        "BadAuthentication Info=InvalidSecondFactor",
    ] {
        let first = &explain(text).explanations[0];
        assert_eq!(
            (first.id.as_str(), first.sure),
            ("clientlogin-BadAuthentication", Sure::Certain)
        );
        assert!(first.meaning.contains("app password"), "{}", first.meaning);
    }
}
