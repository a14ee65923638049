#!/usr/bin/perl
# Net::Google::AuthSub 0.5, of Debian: ClientLogin, with a CAPTCHA and without, and both spellings of its header.
use strict;
use warnings;
use utf8;

use FindBin;
use LWP::UserAgent;
use Net::Google::AuthSub;

use lib $FindBin::Bin;
use checks;

$| = 1;

my $google   = $ENV{GOOGLE} // die "run this through run.sh\n";
my $password = $ENV{PASSWORD};                                     # bytes, as the module wants them
my $uploads  = "$google/feeds/api/users/default/uploads";
my $auth     = qr{^DQAAA[A-Za-z0-9_-]{100,}\z};
my $browser  = LWP::UserAgent->new;

sub client {
    my ($compat) = @_;
    return Net::Google::AuthSub->new(
        url => "$google/accounts", service => 'youtube', source => 'interop-perl-1', _compat => $compat);
}

# The word on the picture of a CAPTCHA, which is a text in an SVG.
sub word {
    my ($name, $token) = @_;
    my $picture = $browser->get("$google/accounts/Captcha?ctoken=$token");
    is("$name: the picture is there", 200, $picture->code);
    like("$name: as a picture", qr{^image/}, $picture->header('Content-Type'));
    my ($word) = $picture->decoded_content =~ m{>([a-z]+)</text>};
    return $word;
}

sub life {
    my ($name, $compat, $header) = @_;
    my $client = client($compat);
    mark();
    my $reply = $client->login('odd@example.com', $password);
    like("$name: login is a success", qr{^1\z}, $reply->is_success);
    like("$name: with Auth", $auth, $reply->auth);
    like("$name: SID and LSID differ from it", qr{^DQAAA}, $reply->sid ne $reply->auth && $reply->lsid);
    like("$name: and the name that YouTube adds", qr{^odd\z}, $reply->youtubeuser);
    logged("$name: the log has the login", 'POST www.google.com/accounts/ClientLogin 200');
    my %params = $client->auth_params;
    like("$name: auth_params spell the header so", $header, $params{Authorization});

    mark();
    my $feed = $browser->get("$uploads?v=2&max-results=1", %params);
    is("$name: the feed is answered", '200', $feed->code);
    like("$name: with its title", qr{<title[^>]*>Uploads by odd</title>}, $feed->decoded_content);
    logged("$name: the log has it", 'GET gdata.youtube.com/feeds/api/users/default/uploads 200');
    mark();
    my $calendar = $browser->get("$google/calendar/feeds/default/allcalendars/full", %params);
    is("$name: Calendar does not take YouTube's token", '401', $calendar->code);
    logged("$name: the log says why", 'service: the token is for youtube');
}

sub refusals {
    my $name   = 'refusals';
    my $client = client({});
    mark();
    my $reply = $client->login('odd@example.com', 'wrong');
    is("$name: a wrong password is no success", '', $reply->is_success ? 1 : '');
    is("$name: its error", 'BadAuthentication', $reply->error);
    is("$name: its status", '403', $reply->{_response}->code);
    is("$name: its body, as Google's trace has it", "Error=BadAuthentication\n", $reply->{_response}->content);
    logged("$name: the log says why", 'POST www.google.com/accounts/ClientLogin 403: Passwd: not this account');
    is("$name: the module keeps no credential", '', $client->authorised ? 1 : '');

    is("$name: an unknown account looks the same", "Error=BadAuthentication\n",
        client({})->login('nobody@example.com', 'secret')->{_response}->content);
    for my $code (qw(NotVerified TermsNotAgreed AccountDeleted AccountDisabled ServiceDisabled)) {
        my $refused = client({})->login(lc($code) . '@example.com', 'secret');
        is("$name: $code", $code, $refused->error);
        like("$name: $code has a page", qr{^https?://}, $refused->url);
    }
    my $second = client({})->login('twosteps@example.com', 'secret');
    is("$name: a second factor is a BadAuthentication", 'BadAuthentication', $second->error);
    is("$name: with Info", 'InvalidSecondFactor', $second->info);
}

sub captcha {
    my $name   = 'captcha';
    my $client = client({});
    my $reply  = $client->login('captcha@example.com', 'secret');
    is("$name: a puzzle is asked", 'CaptchaRequired', $reply->error);
    my $token = $reply->captchatoken;
    like("$name: with its token", qr{^DQAAA[A-Za-z0-9_-]+\z}, $token);
    # The module splits lines at every `=`, and looks for its base under a name that it never sets.
    is("$name: the module cuts its address at the second =", '/accounts/Captcha?ctoken', $reply->captchaurl);
    my $again = $client->login('captcha@example.com', 'secret', logintoken => $token, logincaptcha => 'wrong');
    is("$name: a wrong answer is a new puzzle", 'CaptchaRequired', $again->error);
    like("$name: with another token", qr{^(?!\Q$token\E)DQAAA}, $again->captchatoken);
    $token = $again->captchatoken;

    my @answer = (logintoken => $token, logincaptcha => word($name, $token));
    mark();
    like("$name: the right answer opens", $auth, $client->login('captcha@example.com', 'secret', @answer)->auth);
    logged("$name: the log has the login", 'POST www.google.com/accounts/ClientLogin 200');
    my $feed = $browser->get($uploads, $client->auth_params);
    like("$name: the feed is answered", qr{Uploads by captcha</title>}, $feed->decoded_content);
    is("$name: an answer counts once", 'CaptchaRequired',
        $client->login('captcha@example.com', 'secret', @answer)->error);
}

life('quoted',         {},                      qr{^GoogleLogin auth="DQAAA[A-Za-z0-9_-]+"\z});
life('uncuddled_auth', { uncuddled_auth => 1 }, qr{^GoogleLogin auth=DQAAA[A-Za-z0-9_-]+\z});
refusals();
captcha();
