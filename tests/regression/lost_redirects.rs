//! A `next` that was accepted came back in the browser's spelling, or with a query of the site's own that is
//! no UTF-8, and the token was lost.

use gdata_auth::{
    Kind,
    authsub::{AuthSubRequest, Redirect},
};

fn link(next: &str) -> AuthSubRequest {
    AuthSubRequest::new(next).unwrap()
}

fn token(redirect: Redirect) -> String {
    redirect.into_token().secret().expose().to_owned()
}

#[test]
fn next_is_ascii_as_browsers_send_it() {
    for (next, ascii) in [
        ("http://ex.com/\u{fc}", "http://ex.com/%C3%BC"),
        (
            "http://ex.com/?q=\u{fc}#\u{e9}",
            "http://ex.com/?q=%C3%BC#%C3%A9",
        ),
        (
            "http://b\u{fc}cher.test:8080/",
            "http://xn--bcher-kva.test:8080/",
        ),
        ("http://ex.com/%fc?q=50%", "http://ex.com/%fc?q=50%"),
    ] {
        let link = link(next);
        assert_eq!(link.next(), ascii);
        let granted = link.granted_address("1/abc");
        assert!(granted.is_ascii(), "{granted}");
        assert_eq!(token(link.read_redirect(&granted).unwrap()), "1/abc");
    }
    let error = AuthSubRequest::new("http://\u{fc}\u{ad}%/").unwrap_err();
    assert_eq!(error.kind(), Kind::Input, "{error}");
    let long = format!(
        "http://a.test/{}",
        "\u{fc}".repeat(AuthSubRequest::MAX_NEXT / 4)
    );
    assert_eq!(AuthSubRequest::new(long).unwrap_err().kind(), Kind::Input);
}

#[test]
fn an_address_that_the_browser_respelled_is_still_next() {
    for (next, back) in [
        ("http://ex.com/\u{fc}", "http://ex.com/%C3%BC?token=t"),
        ("http://ex.com/\u{fc}", "http://ex.com/\u{fc}?token=t"),
        ("http://ex.com/\u{fc}", "/%C3%BC?token=t"),
        (
            "http://B\u{fc}cher.test/",
            "http://xn--bcher-kva.test/?token=t",
        ),
        ("http://ex.com", "http://ex.com/?token=t"),
        ("http://ex.com:80/", "http://EX.com/?token=t"),
        ("http://ex.com/{id}", "http://ex.com/%7Bid%7D?token=t"),
        ("http://ex.com/a/../cb", "http://ex.com/cb?token=t"),
    ] {
        assert_eq!(
            token(link(next).read_redirect(back).unwrap()),
            "t",
            "{next}"
        );
    }
}

#[test]
fn the_query_of_the_site_is_read_loosely() {
    for (query, kept) in [
        ("q=50%", "q=50%25"),
        ("q=%E9", "q=%EF%BF%BD"),
        ("%zz=1", "%25zz=1"),
        ("token=50%", "token=50%25"),
    ] {
        let link = link(&format!("http://a.test/?{query}"));
        let back = link.granted_address("1/abc");
        let redirect = link.read_redirect(&back).unwrap();
        assert_eq!(redirect.own_query().to_string(), kept);
        assert_eq!(token(redirect), "1/abc");
        let denied = link.read_redirect(link.next()).unwrap_err();
        assert_eq!(denied.kind(), Kind::Denied, "{denied}");
    }
}

#[test]
fn what_google_and_this_library_add_is_read_strictly() {
    for (query, field) in [
        ("token=50%", "token: "),
        ("token=%E9", "token: "),
        ("token=t&auth_sub_scopes=%E9", "auth_sub_scopes: "),
        ("token=t&authsub_token_scope=%zz", "authsub_token_scope: "),
    ] {
        let error = Redirect::parse(&format!("http://a.test/?{query}")).unwrap_err();
        assert!(error.to_string().starts_with(field), "{query}: {error}");
    }
}

#[test]
fn another_origin_is_still_refused_in_every_spelling() {
    let link = link("http://a.test/cb");
    for address in [
        "//evil.test/cb?token=t",
        "\\\\evil.test/cb?token=t",
        "http://a.test@evil.test/cb?token=t",
        "http://user@a.test/cb?token=t",
        "http://a.test\\@evil.test/cb?token=t",
        "https:a.test/cb?token=t",
        "/cb/../admin?token=t",
    ] {
        let error = link.read_redirect(address).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{address}: {error}");
    }
}
