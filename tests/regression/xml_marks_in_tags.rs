//! `<?xml` inside of a tag or of its attribute lost one byte between two tokens, so that places behind it were wrong.

use gdata_auth::migrate::scan::{Language, lex::tokens};

#[test]
fn an_xml_mark_inside_of_a_tag_loses_nothing() {
    for text in ["<a <?xml", "<a b='<?xml c'>", "<f<?xml versyon=\"1.0\" enc"] {
        for language in [Language::Html, Language::Php] {
            let mut end = 0;
            for token in tokens(language, text) {
                assert_eq!(token.start, end, "{text}");
                end = token.end;
            }
            assert_eq!(end, text.len(), "{text}");
        }
    }
}
