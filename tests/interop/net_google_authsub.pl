#!/usr/bin/perl
# Net::Google::AuthSub 0.5, of Debian: the link, the exchange, feeds with both spellings of its header, and
# the two calls whose header line is no header at all.
use strict;
use warnings;

use FindBin;
use LWP::UserAgent;
use Net::Google::AuthSub;
use URI;

use lib $FindBin::Bin;
use checks;

$| = 1;

my $google  = $ENV{GOOGLE} // die "run this through run.sh\n";
my $uploads = "$google/feeds/api/users/default/uploads";
my $scope   = 'http://gdata.youtube.com/feeds/';
my $token   = qr{^1/[A-Za-z0-9_-]{43}$};
my $browser = LWP::UserAgent->new(max_redirect => 0);

# The module keeps its responses to itself; this sees what came back.
my @statuses;

sub life {
    my ($name, $compat, $header) = @_;
    my $client = Net::Google::AuthSub->new(url => "$google/accounts", _compat => $compat);
    $client->{_ua}->add_handler(response_done => sub { push @statuses, shift->code; return });

    my $link = $client->request_token('http://127.0.0.1:9/cb?lang=en', $scope, secure => 0, session => 1);
    my %asked = $link->query_form;
    is("$name: the link asks for a session", '1', $asked{session});
    is("$name: the link keeps the query of next", 'http://127.0.0.1:9/cb?lang=en', $asked{next});
    mark();
    my $back = $browser->get($link);
    is("$name: the consent page redirects", '302', $back->code);
    my $location = $back->header('Location');
    like("$name: to next, with the token encoded",
        qr{^http://127\.0\.0\.1:9/cb\?lang=en&token=1%2F[A-Za-z0-9_-]{43}$}, $location);
    logged("$name: the log knows the consent page", 'GET www.google.com/accounts/AuthSubRequest 302');

    my %got = URI->new($location)->query_form;
    $client->auth('ann', $got{token});
    my $session = $client->session_token;
    like("$name: session_token gives a session token", $token, $session);
    like("$name: which is another one", qr{^(?!\Q$got{token}\E)}, $session);
    my %params = $client->auth_params;
    like("$name: auth_params spell the header so", $header, $params{Authorization});

    mark();
    my $feed = $browser->get("$uploads?v=2&max-results=1", %params);
    is("$name: the feed is answered", '200', $feed->code);
    like("$name: as Atom", qr{^application/atom\+xml; charset=UTF-8; type=feed$}, $feed->header('Content-Type'));
    like("$name: with its title", qr{<title[^>]*>Uploads by ann</title>}, $feed->decoded_content);
    is("$name: and one entry", 1, scalar(() = $feed->decoded_content =~ /<entry\b/g));
    logged("$name: the log has it", 'GET gdata.youtube.com/feeds/api/users/default/uploads 200');

    for my $call ('token_info', 'revoke_token') {
        mark();
        @statuses = ();
        # Their error paths call what does not exist, so they may die.
        eval { $client->$call };
        is("$name: $call sends an illegal header line and gets 400", '400', "@statuses");
        logged("$name: the log says that $call was no HTTP", 'invalid HTTP header');
        is("$name: the server goes on behind $call", '200', $browser->get($uploads, %params)->code);
    }

    # What those two meant to do, with the module's own header.
    my $info = $browser->get("$google/accounts/AuthSubTokenInfo", %params);
    is("$name: AuthSubTokenInfo", "Target=127.0.0.1\nSecure=false\nScope=$scope\n", $info->content);
    is("$name: AuthSubRevokeToken", '200', $browser->get("$google/accounts/AuthSubRevokeToken", %params)->code);
    mark();
    my $after = $browser->get($uploads, %params);
    is("$name: the token no longer works", '401', $after->code);
    like("$name: in Google's words", qr{Token disabled, revoked, or expired\.}, $after->content);
    is("$name: with a challenge", 'AuthSub realm="http://www.google.com/accounts/AuthSubRequest"',
        $after->header('WWW-Authenticate'));
    logged("$name: the log says why", 'uploads 401: the token was revoked');

    my $refused = $client->session_token;
    like("$name: a session token cannot be exchanged", qr{^Net::Google::AuthSub::Response=}, $refused);
}

life('quoted',         {},                      qr{^AuthSub token="1/[A-Za-z0-9_-]{43}"$});
life('uncuddled_auth', { uncuddled_auth => 1 }, qr{^AuthSub token=1/[A-Za-z0-9_-]{43}$});
