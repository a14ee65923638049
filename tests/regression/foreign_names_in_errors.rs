//! The name of a parameter from outside became the field of an error: `%0a` in it forged lines of a log, and
//! a token that was cut off or quoted wrongly stood there.

use gdata_auth::{
    Error,
    authsub::{AuthSubRequest, Header, Redirect, SignedData},
    wire::{challenge::Challenge, query::Pairs},
};

fn told<T>(result: Result<T, Error>) -> String {
    result.err().unwrap().to_string()
}

#[test]
fn a_parameter_with_another_name_is_told_as_parameter() {
    for query in ["a%0aERROR+forged=%zz", "%1b[2J=%zz", "secret-token=%ff"] {
        let problem = told(Pairs::parse(query));
        assert!(problem.starts_with("parameter: expected "), "{problem:?}");
        assert_eq!(told(AuthSubRequest::parse(query)), problem);
    }
    assert_eq!(
        told(AuthSubRequest::parse("scope=%zz")),
        "scope: expected two hex digits after every %, got something else"
    );
    assert_eq!(
        told(Redirect::parse("http://a.test/?Token=%zz")),
        "token: expected two hex digits after every %, got something else"
    );
}

#[test]
fn an_unclosed_quote_tells_a_known_name_only() {
    assert_eq!(
        told(Header::parse("AuthSub 1/secret-token=\"abc")),
        "authorization parameter: expected a closing \", got the end of the header"
    );
    assert_eq!(
        told(Header::parse("AuthSub TOKEN='abc")),
        "token: expected a closing ', got the end of the header"
    );
    assert_eq!(
        told(Challenge::parse("AuthSub secret=\"abc")),
        "authorization parameter: expected a closing \", got the end of the header"
    );
    assert_eq!(
        told(Challenge::parse("secret=x")),
        "www-authenticate: expected a scheme before the parameters, got none"
    );
}

#[test]
fn a_signed_method_is_a_method() {
    let problem = told(SignedData::parse("GET\n\u{1b}[2J http://a.test/ 1 1"));
    assert!(
        problem.starts_with("data: expected METHOD URL"),
        "{problem:?}"
    );
}
