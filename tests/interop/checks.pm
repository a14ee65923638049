# Checks for the clients written in Perl: one line each, in the words that run.sh counts.
package checks;
use strict;
use warnings;

use Exporter 'import';
use Time::HiRes 'sleep';

our @EXPORT = qw(like is mark logged);

sub like {
    my ($name, $pattern, $got) = @_;
    $got //= 'nothing';
    if ($got =~ $pattern) { print "ok - $name\n"; return }
    $got =~ s/\n/\\n/g;
    print "not ok - $name: expected $pattern, got $got\n";
}

sub is {
    my ($name, $expected, $got) = @_;
    like($name, qr{^\Q$expected\E\z}, $got);
}

my $mark = 0;
# Without a log, as before a cassette, nothing is looked for in it.
sub mark { $mark = -s $ENV{SERVER_LOG} if $ENV{SERVER_LOG} }

# A line that the server wrote since mark() holds $text. Trouble with a connection comes behind its answer.
sub logged {
    my ($name, $text) = @_;
    return if !$ENV{SERVER_LOG};
    my $since = '';
    for (1 .. 40) {
        open my $log, '<', $ENV{SERVER_LOG} or die "cannot read the log: $!\n";
        seek $log, $mark, 0;
        $since = do { local $/; <$log> } // '';
        last if index($since, $text) >= 0;
        sleep 0.05;
    }
    like($name, qr{\Q$text\E}, $since);
}

1;
