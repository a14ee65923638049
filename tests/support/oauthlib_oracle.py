"""Base strings and signatures by oauthlib: a request a line as JSON in, an answer a line out."""

import json
import sys

from oauthlib.oauth1.rfc5849 import signature

for line in sys.stdin:
    request = json.loads(line)
    parameters = signature.collect_parameters(
        uri_query=request["query"],
        body=request["body"],
        headers={"Authorization": request["header"]},
        exclude_oauth_signature=True,
        with_realm=False,
    )
    base = signature.signature_base_string(
        request["method"],
        signature.base_string_uri(request["address"]),
        signature.normalize_parameters(parameters),
    )
    code = signature._sign_hmac(
        "SHA-1", base, request["consumer_secret"], request["token_secret"]
    )
    print(json.dumps([base, code]))
