//! The emulator's consent pages of OAuth 2.0: who may ask, what is shown, and where the browser goes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use gdata_auth::emulator::{Consent, OauthClient, User};
use gdata_auth::oauth2::ClientKind;
use support::oauth2::{
    AUTH, DESKTOP, PAGE, TOKEN, TV, WEB, WEB_BACK, YOUTUBE_V3, asking, code, code_form, field,
    json, link, location, page_number, parameter, post, web_link, world, world_with,
};
use support::world::{World, get, text};

/// Follows a link that is refused on the page: its status and code, and that nothing is sent back.
async fn shown(world: &World, link: &str) -> String {
    let answer = world.send(get(link)).await;
    assert!(!answer.headers().contains_key("location"));
    let page = text(&answer);
    let (_, rest) = page.split_once("facts warn\">Error ").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

/// The error that a redirect carries.
async fn sent_back(world: &World, link: &str) -> String {
    let answer = world.send(get(link)).await;
    parameter(&location(&answer), "error")
}

#[tokio::test]
async fn consent_comes_back_with_a_code_the_state_and_googles_names_for_the_scopes() {
    let world = world();
    let answer = world
        .send(get(&link("email https://www.google.com/m8/feeds/", "")))
        .await;
    let back = location(&answer);
    let code = parameter(&back, "code");
    assert!(code.starts_with("4/0A") && code.len() == 68, "{code}");
    assert_eq!(
        back.replace(&code.replace('/', "%2F"), "CODE"),
        "http://127.0.0.1:49152/?state=xyz&code=CODE\
         &scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fuserinfo.email%20\
         https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcontacts%20openid&authuser=0&prompt=consent"
    );
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
}

#[tokio::test]
async fn the_scopes_keep_their_names_when_the_switch_is_off() {
    let world = world_with(|config| config.alias_scopes = false);
    let answer = world.send(get(&link("email", ""))).await;
    assert_eq!(parameter(&location(&answer), "scope"), "email");
}

#[tokio::test]
async fn the_older_address_of_the_page_works_too() {
    let world = world();
    let old = link(YOUTUBE_V3, "").replace("/v2/auth", "/auth");
    assert!(code(&world, &old).await.starts_with("4/0A"));
}

#[tokio::test]
async fn an_installed_client_may_use_any_loopback_port() {
    let world = world();
    for address in [
        "http://127.0.0.1:1/",
        "http://[::1]:65535/",
        "http://localhost:8080",
    ] {
        let link = link(YOUTUBE_V3, "").replace("http%3A%2F%2F127.0.0.1%3A49152%2F", address);
        let answer = world.send(get(&link)).await;
        assert!(location(&answer).starts_with(address));
    }
}

#[tokio::test]
async fn an_installed_client_may_not_use_another_host() {
    let away = link(YOUTUBE_V3, "").replace("127.0.0.1%3A49152", "www.example.com");
    assert_eq!(shown(&world(), &away).await, "400: redirect_uri_mismatch");
}

#[tokio::test]
async fn a_web_clients_address_is_compared_letter_for_letter() {
    let world = world();
    for (from, to) in [
        ("oauth2callback", "oauth2callback%2F"),
        ("https", "http"),
        ("www.example.com", "www.EXAMPLE.com"),
        ("www.example.com", "127.0.0.1"),
    ] {
        let other = web_link(YOUTUBE_V3, "").replace(from, to);
        assert_eq!(shown(&world, &other).await, "400: redirect_uri_mismatch");
        assert_eq!(world.reason(), "redirect_uri: not one of this client's");
    }
}

#[tokio::test]
async fn an_unknown_client_is_told_so_on_the_page() {
    let unknown = link(YOUTUBE_V3, "").replace("1234-desk", "1234-nobody");
    assert_eq!(shown(&world(), &unknown).await, "401: invalid_client");
}

#[tokio::test]
async fn a_deleted_client_is_told_so_on_the_page() {
    let world = world_with(|config| config.oauth_client[0].deleted = true);
    assert_eq!(
        shown(&world, &link(YOUTUBE_V3, "")).await,
        "401: deleted_client"
    );
}

#[tokio::test]
async fn a_television_has_no_redirect() {
    let television = link(YOUTUBE_V3, "").replace(DESKTOP, TV);
    assert_eq!(shown(&world(), &television).await, "400: invalid_request");
}

#[tokio::test]
async fn without_configured_clients_any_id_is_taken() {
    let world = World::new();
    let code = code(&world, &link(YOUTUBE_V3, "")).await;
    let answer = world.send(post(TOKEN, &code_form(&code))).await;
    assert_eq!(answer.status(), 200);
    assert!(field(&json(&answer), "refresh_token").starts_with("1//0"));
}

#[tokio::test]
async fn a_browser_inside_an_application_is_disallowed() {
    let world = world();
    for agent in [
        "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Version/4.0 Chrome/120.0 \
         Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    ] {
        let (mut parts, body) = get(&link(YOUTUBE_V3, "")).into_parts();
        parts.headers.insert("user-agent", agent.parse().unwrap());
        let answer = world.send(http::Request::from_parts(parts, body)).await;
        assert_eq!(answer.status(), 403);
        assert!(text(&answer).contains("Error 403: disallowed_useragent"));
    }
}

#[tokio::test]
async fn only_codes_are_issued() {
    let implicit = link(YOUTUBE_V3, "").replace("response_type=code", "response_type=token");
    assert_eq!(
        shown(&world(), &implicit).await,
        "400: unsupported_response_type"
    );
}

#[tokio::test]
async fn a_link_has_to_be_whole() {
    let world = world();
    let whole = link(YOUTUBE_V3, "");
    for missing in [
        whole.replace("response_type=code", ""),
        whole.replace("scope=https://www.googleapis.com/auth/youtube", ""),
        whole.replace(&format!("client_id={DESKTOP}"), ""),
        whole.replace("redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2F", ""),
        format!("{whole}&state=again"),
        format!("{whole}&prompt=none%20consent"),
        format!("{whole}&prompt=dance"),
    ] {
        assert_eq!(shown(&world, &missing).await, "400: invalid_request");
    }
}

#[tokio::test]
async fn a_challenge_has_to_be_one() {
    let world = world();
    for more in [
        "&code_challenge=short&code_challenge_method=S256",
        "&code_challenge_method=S256",
        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S512",
    ] {
        assert_eq!(
            shown(&world, &link(YOUTUBE_V3, more)).await,
            "400: invalid_request"
        );
    }
}

#[tokio::test]
async fn an_admins_policy_is_told_on_the_page() {
    let world = world_with(|config| {
        config.user = vec![User::new("ann@example.com", "Ann").under_admin_policy()];
    });
    assert_eq!(
        shown(&world, &link(YOUTUBE_V3, "")).await,
        "400: admin_policy_enforced"
    );
}

#[tokio::test]
async fn a_client_of_an_organisation_is_for_its_members() {
    let world = world_with(|config| config.oauth_client[0].internal = Some("example.com".into()));
    let ann = link(YOUTUBE_V3, "&login_hint=ann%40example.com");
    assert!(code(&world, &ann).await.starts_with("4/0A"));
    let ben = link(YOUTUBE_V3, "&login_hint=ben%40example.org");
    assert_eq!(shown(&world, &ben).await, "403: org_internal");
}

#[tokio::test]
async fn out_of_band_is_blocked_unless_a_switch_allows_it() {
    let link = link(YOUTUBE_V3, "").replace(
        "http%3A%2F%2F127.0.0.1%3A49152%2F",
        "urn:ietf:wg:oauth:2.0:oob",
    );
    assert_eq!(shown(&world(), &link).await, "400: invalid_request");

    let world = world_with(|config| config.out_of_band = true);
    let page = text(&world.send(get(&link)).await);
    assert!(page.contains("<title>Success code=4/0A"), "{page}");
}

#[tokio::test]
async fn a_denial_comes_back_with_the_state() {
    let world = world_with(|config| config.consent = Consent::Deny);
    let answer = world.send(get(&link(YOUTUBE_V3, ""))).await;
    assert_eq!(
        location(&answer),
        "http://127.0.0.1:49152/?state=xyz&error=access_denied"
    );
}

#[tokio::test]
async fn an_address_with_a_query_keeps_it() {
    let world = world_with(|config| {
        let back = format!("{WEB_BACK}?tenant=7");
        config.oauth_client[1].redirect_uris = vec![back];
        config.consent = Consent::Deny;
    });
    let link = web_link(YOUTUBE_V3, "").replace("oauth2callback", "oauth2callback%3Ftenant%3D7");
    assert_eq!(
        location(&world.send(get(&link)).await),
        "https://www.example.com/oauth2callback?tenant=7&error=access_denied"
    );
}

#[tokio::test]
async fn the_issuer_is_sent_only_when_a_switch_says_so() {
    let plain = location(&world().send(get(&link(YOUTUBE_V3, ""))).await);
    assert_eq!(parameter(&plain, "iss"), "");
    let world = world_with(|config| config.send_iss = true);
    let with = location(&world.send(get(&link(YOUTUBE_V3, ""))).await);
    assert_eq!(parameter(&with, "iss"), "https://accounts.google.com");
}

#[tokio::test]
async fn a_user_chooses_an_account_and_then_consents() {
    let world = asking();
    let chooser = text(&world.send(get(&link(YOUTUBE_V3, ""))).await);
    assert!(chooser.contains("<h1>Choose an account</h1>"), "{chooser}");
    assert!(chooser.contains("<legend>Account</legend>"));
    assert!(chooser.contains(
        "<label><input type=\"radio\" name=\"user\" value=\"ben@example.org\"> Ben Example \
         &lt;ben@example.org&gt;</label>"
    ));

    let chosen = format!(
        "page={}&user=ben%40example.org&decision=allow",
        page_number(&chooser)
    );
    let consent = text(&world.send(post(PAGE, &chosen)).await);
    assert!(consent.contains("wants access to your Google Account"));
    assert!(consent.contains("<p>Account: Ben Example &lt;ben@example.org&gt;</p>"));
    assert!(consent.contains("YouTube: see and manage your account"));
    assert!(!consent.contains("checkbox"), "one scope has no box");

    let allowed = format!("page={}&decision=allow", page_number(&consent));
    let back = location(&world.send(post(PAGE, &allowed)).await);
    assert_eq!(parameter(&back, "authuser"), "1");
    assert_eq!(parameter(&back, "state"), "xyz");
    assert!(parameter(&back, "code").starts_with("4/0A"));
}

#[tokio::test]
async fn a_login_hint_spares_the_choice_of_an_account() {
    let world = asking();
    let page = text(
        &world
            .send(get(&link(YOUTUBE_V3, "&login_hint=ben%40example.org")))
            .await,
    );
    assert!(page.contains("wants access"), "{page}");
    let hint = User::new("ben@example.org", "Ben").subject();
    let page = text(
        &world
            .send(get(&link(YOUTUBE_V3, &format!("&login_hint={hint}"))))
            .await,
    );
    assert!(page.contains("&lt;ben@example.org&gt;"), "{page}");
}

#[tokio::test]
async fn select_account_preselects_the_hinted_one() {
    let world = asking();
    let more = "&prompt=select_account&login_hint=ben%40example.org";
    let page = text(&world.send(get(&link(YOUTUBE_V3, more))).await);
    assert!(
        page.contains("value=\"ben@example.org\" checked>"),
        "{page}"
    );
    assert!(page.contains("value=\"ann@example.com\">"), "{page}");
}

#[tokio::test]
async fn a_hosted_domain_shows_its_own_accounts_only() {
    let world = asking();
    let page = text(&world.send(get(&link(YOUTUBE_V3, "&hd=example.org"))).await);
    assert!(page.contains("wants access"), "{page}");
    assert!(page.contains("ben@example.org") && !page.contains("ann@example.com"));
}

#[tokio::test]
async fn each_scope_can_be_unticked_when_there_are_several() {
    let world = asking();
    let scopes = format!("openid {YOUTUBE_V3} https://www.googleapis.com/auth/calendar");
    let page = world
        .send(get(&link(&scopes, "&login_hint=ann%40example.com")))
        .await;
    let page = text(&page);
    assert!(page.contains(
        "<label><input type=\"checkbox\" name=\"scope\" \
         value=\"https://www.googleapis.com/auth/calendar\" checked> Google Calendar: see, share and \
         delete all your calendars<br><code>https://www.googleapis.com/auth/calendar</code></label>"
    ));
    assert!(!page.contains("value=\"openid\""), "signing in has no box");

    let ticked = format!(
        "page={}&decision=allow&scope=https://www.googleapis.com/auth/calendar",
        page_number(&page)
    );
    let back = location(&world.send(post(PAGE, &ticked)).await);
    assert_eq!(
        parameter(&back, "scope"),
        "openid https://www.googleapis.com/auth/calendar"
    );
}

#[tokio::test]
async fn unticking_every_scope_is_a_denial() {
    let world = asking();
    let scopes = format!("{YOUTUBE_V3} https://www.googleapis.com/auth/calendar");
    let link = link(&scopes, "&login_hint=ann%40example.com");
    let page = text(&world.send(get(&link)).await);
    let nothing = format!("page={}&decision=allow", page_number(&page));
    let back = location(&world.send(post(PAGE, &nothing)).await);
    assert_eq!(parameter(&back, "error"), "access_denied");
}

#[tokio::test]
async fn cancel_sends_the_browser_back_with_access_denied() {
    let world = asking();
    let page = text(&world.send(get(&link(YOUTUBE_V3, ""))).await);
    let cancel = format!("page={}&decision=deny", page_number(&page));
    let back = location(&world.send(post(PAGE, &cancel)).await);
    assert_eq!(parameter(&back, "error"), "access_denied");
    assert_eq!(parameter(&back, "state"), "xyz");
}

#[tokio::test]
async fn a_page_is_answered_once() {
    let world = asking();
    let page = text(&world.send(get(&link(YOUTUBE_V3, ""))).await);
    let cancel = format!("page={}&decision=deny", page_number(&page));
    world.send(post(PAGE, &cancel)).await;
    assert_eq!(world.send(post(PAGE, &cancel)).await.status(), 400);
    assert_eq!(world.reason(), "page: answered before, or never shown");
}

#[tokio::test]
async fn a_number_that_nobody_was_shown_decides_nothing() {
    let world = asking();
    let forged = "page=AAAAAAAA&user=ann%40example.com&decision=allow";
    assert_eq!(world.send(post(PAGE, forged)).await.status(), 400);
}

#[tokio::test]
async fn no_page_can_be_framed_or_cached_or_run_a_script() {
    let world = asking();
    let unknown = link(YOUTUBE_V3, "").replace("1234-desk", "1234-nobody");
    for address in [
        link(YOUTUBE_V3, ""),
        unknown,
        "https://www.google.com/device".to_owned(),
    ] {
        let answer = world.send(get(&address)).await;
        let headers = answer.headers();
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(
            headers["content-security-policy"],
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        );
        let page = text(&answer);
        assert!(page.contains("width=device-width") && !page.contains("<script"));
    }
}

#[tokio::test]
async fn what_a_link_says_is_escaped_on_the_page() {
    let world = World::with(|config| config.with_consent(Consent::Ask));
    let nasty = format!(
        "{AUTH}?client_id=%22%3E%3Cscript%3E&redirect_uri=http%3A%2F%2F127.0.0.1%2F&response_type=code&scope=%3Cb%3E"
    );
    let page = text(&world.send(get(&nasty)).await);
    assert!(!page.contains("<script") && !page.contains("<b>"), "{page}");
}

#[tokio::test]
async fn prompt_none_needs_an_earlier_consent() {
    let world = world();
    let silent = link(YOUTUBE_V3, "&prompt=none&login_hint=ann%40example.com");
    assert_eq!(sent_back(&world, &silent).await, "interaction_required");
    code(&world, &link(YOUTUBE_V3, "")).await;
    let back = location(&world.send(get(&silent)).await);
    assert!(parameter(&back, "code").starts_with("4/0A"));
    assert_eq!(parameter(&back, "prompt"), "none");
}

#[tokio::test]
async fn prompt_none_cannot_choose_between_accounts() {
    let world = world();
    let silent = link(YOUTUBE_V3, "&prompt=none");
    assert_eq!(sent_back(&world, &silent).await, "interaction_required");
}

#[tokio::test]
async fn prompt_none_for_nobody_here_needs_a_login() {
    let world = world();
    let silent = link(YOUTUBE_V3, "&prompt=none&login_hint=eve%40example.com");
    assert_eq!(sent_back(&world, &silent).await, "login_required");
}

#[tokio::test]
async fn a_website_is_not_asked_about_again() {
    let world = asking();
    let link = web_link(YOUTUBE_V3, "&login_hint=ann%40example.com");
    let page = text(&world.send(get(&link)).await);
    let allow = format!("page={}&decision=allow", page_number(&page));
    location(&world.send(post(PAGE, &allow)).await);

    assert!(code(&world, &link).await.starts_with("4/0A"));
    let again = world.send(get(&format!("{link}&prompt=consent"))).await;
    assert!(text(&again).contains("wants access"));
}

#[tokio::test]
async fn a_client_stands_once_in_the_configuration() {
    let mut config = gdata_auth::emulator::Config::new();
    config = config.with_oauth_client(OauthClient::new(ClientKind::Web, WEB));
    config = config.with_oauth_client(OauthClient::new(ClientKind::Web, WEB));
    let error = gdata_auth::emulator::Emulator::with(config).unwrap_err();
    assert_eq!(
        error.to_string(),
        "oauth_client: expected each id once, got \"1234-web.apps.googleusercontent.com\" empty or again"
    );
}
