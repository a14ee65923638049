//! Batches, their replies and bodies of several parts: print, then parse, is the same.
#![no_main]

use bytes::Bytes;
use gdata_auth::gdata::{
    batch::{Batch, BatchReply},
    upload::{BrowserReply, ContentRange, Multipart, UploadToken},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    if let Ok(batch) = Batch::parse(document)
        && let Ok(printed) = batch.to_xml()
    {
        assert_eq!(
            Batch::parse(printed.as_bytes()).expect("a printed batch parses"),
            batch
        );
    }
    if let Ok(reply) = BatchReply::parse(document)
        && let Ok(printed) = reply.to_xml()
    {
        assert_eq!(
            BatchReply::parse(printed.as_bytes()).expect("a printed reply parses"),
            reply
        );
    }
    if let Ok(token) = UploadToken::parse(document)
        && let Ok(printed) = token.to_xml()
    {
        assert_eq!(
            UploadToken::parse(printed.as_bytes()).expect("a printed token parses"),
            token
        );
    }
    let body = Bytes::copy_from_slice(document);
    if let Ok(read) = Multipart::parse("multipart/form-data; boundary=b", &body) {
        // Parts of other clients may hold what ours would not print, such as quotes in names.
        let (content_type, printed) = read.print();
        let content_type = content_type
            .to_str()
            .expect("a printed content type is ASCII");
        let _any = Multipart::parse(content_type, &printed);
    }
    if let Ok(text) = std::str::from_utf8(document) {
        if let Ok(range) = text.parse::<ContentRange>() {
            assert_eq!(
                range
                    .to_string()
                    .parse::<ContentRange>()
                    .expect("a printed range parses"),
                range
            );
        }
        if let Ok(reply) = BrowserReply::parse(text) {
            let printed = reply.redirect("http://a.test/");
            assert_eq!(
                BrowserReply::parse(&printed).expect("a printed reply parses"),
                reply
            );
        }
    }
});
