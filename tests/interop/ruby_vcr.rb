# frozen_string_literal: true

# Ruby VCR, with WebMock and Net::HTTP, loads and replays cassettes that were written here, and records what
# is read here. It prints a line a check, in the words that run.sh counts.

require 'fileutils'
require 'net/http'
require 'open3'
require 'socket'
require 'tmpdir'
require 'vcr'
require 'webmock'

PROGRAM = ENV.fetch('GDATA_AUTH_BIN')
FIXTURES = ENV.fetch('CASSETTES')
FOLDER = Dir.mktmpdir
at_exit { FileUtils.rm_rf(FOLDER) }

VCR.configure do |config|
  config.cassette_library_dir = FOLDER
  config.hook_into :webmock
  config.default_cassette_options = { record: :none, match_requests_on: %i[method uri body] }
end

def equal(name, expected, got)
  if expected == got
    puts "ok - #{name}"
  else
    puts "not ok - #{name}: expected #{expected.inspect[0, 300]}, got #{got.inspect[0, 300]}"
  end
end

def step(name)
  yield
rescue StandardError, LoadError => e
  puts "not ok - #{name}: expected it to come to its end, got #{e.class}: #{e.message.lines.first.to_s.strip[0, 300]}"
end

def convert(to, from, into)
  _, told, status = Open3.capture3(PROGRAM, 'cassette', 'convert', from, '--to', to, '-o', File.join(FOLDER, into), '--force')
  [status.success?, told]
end

def ask(verb, address, body: nil, headers: {})
  uri = URI(address)
  request = Net::HTTP.const_get(verb.capitalize).new(uri, headers)
  request.body = body if body
  Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https') { |http| http.request(request) }
end

BINARY = (0..255).map(&:chr).join.b
ANSWERS = {
  '/text' => "Gr\u00fc\u00dfe\r\nzwei\n".b,
  '/binary' => BINARY,
  '/empty' => ''.b
}.freeze

def serve
  server = TCPServer.new('127.0.0.1', 0)
  thread = Thread.new do
    loop do
      client = server.accept
      head = +''
      head << client.gets until head.end_with?("\r\n\r\n")
      length = head[/^content-length: *(\d+)/i, 1].to_i
      sent = length.zero? ? '' : client.read(length)
      path = head.split[1].split('?').first
      body = path == '/echo' ? sent : ANSWERS.fetch(path)
      client.write("HTTP/1.1 200 OK\r\nSet-Cookie: A=1; Path=/\r\nSet-Cookie: B=2; Path=/\r\nX-Number: 017\r\n" \
                   "Content-Type: text/plain\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n")
      client.write(body)
      client.close
    end
  end
  yield "http://127.0.0.1:#{server.addr[1]}"
ensure
  thread&.kill
  server&.close
end

ASKED = [
  ['get', '/text', nil],
  ['get', '/binary?a=1&b=%2F', nil],
  ['post', '/echo', 'form=a%20b&c=d'],
  ['post', '/echo', BINARY],
  ['get', '/empty', nil]
].freeze

def replay(name, cassette, base)
  VCR.use_cassette(cassette) do
    ASKED.each_with_index do |(verb, path, body), index|
      reply = ask(verb, base + path, body: body)
      wanted = (path == '/echo' ? body : ANSWERS[path.split('?').first]).b
      equal("#{name}, #{index + 1}: body", wanted, reply.body.to_s.b)
      equal("#{name}, #{index + 1}: cookies", ['A=1; Path=/', 'B=2; Path=/'], reply.get_fields('set-cookie'))
      equal("#{name}, #{index + 1}: number", '017', reply['x-number'])
    end
  end
end

WAYS = {
  'plain' => {},
  'exact bytes' => { preserve_exact_body_bytes: true },
  'compressed' => { serialize_with: :compressed },
  'json' => { serialize_with: :json, preserve_exact_body_bytes: true }
}.freeze

step('what VCR records') do
  serve do |base|
    WAYS.each_with_index do |(way, options), number|
      WebMock.allow_net_connect!
      VCR.use_cassette("recorded#{number}", options.merge(record: :all)) do
        ASKED.each { |verb, path, body| ask(verb, base + path, body: body) }
      end
      file = Dir.glob(File.join(FOLDER, "recorded#{number}.*")).first
      equal("recorded #{way}: read and written", [true, ''], convert('ruby-vcr', file, "again#{number}.yml"))
      replay("recorded #{way}, written again", "again#{number}", base)
      # There and back through vcrpy.
      convert('vcrpy', file, "vcrpy#{number}.yaml")
      done, = convert('ruby-vcr', File.join(FOLDER, "vcrpy#{number}.yaml"), "back#{number}.yml")
      equal("recorded #{way}, through vcrpy: written", true, done)
      replay("recorded #{way}, through vcrpy", "back#{number}", base)
    end
  end
end

step('fixtures') do
  convert('ruby-vcr', File.join(FIXTURES, 'ruby-vcr/v6.yml'), 'v6.yml')
  [File.join(FIXTURES, 'ruby-vcr/v6.yml'), File.join(FOLDER, 'v6.yml')].each do |file|
    items = YAML.unsafe_load_file(file)['http_interactions'].map { |one| VCR::HTTPInteraction.from_hash(one) }
    seen = items.map do |one|
      [one.request.method.to_sym, one.request.uri, one.request.body.to_s.b, one.request.headers, one.response.status.code,
       one.response.status.message, one.response.headers, one.response.body.to_s.b, one.response.http_version,
       one.response.adapter_metadata, one.recorded_at]
    end
    $first ||= seen
    equal("VCR sees the same in #{File.basename(file)}", $first, seen)
  end
  convert('ruby-vcr', File.join(FIXTURES, 'vcrpy/v1.yaml'), 'fromvcrpy.yml')
  VCR.use_cassette('fromvcrpy', match_requests_on: %i[method uri]) do
    reply = ask('post', 'https://oauth2.googleapis.com/token', body: 'x')
    equal('vcrpy: cookies', ['A=1; Path=/', 'B=2; Path=/'], reply.get_fields('set-cookie'))
    reply = ask('put', 'http://127.0.0.1:8080/upload', body: "\xff\0bytes".b, headers: { 'Accept-Encoding' => 'gzip' })
    equal('vcrpy: wire bytes of gzip', "packed body\n", Zlib.gunzip(reply.body.b))
  end
  convert('ruby-vcr', File.join(FIXTURES, 'php-vcr/new.yml'), 'fromphp.yml')
  VCR.use_cassette('fromphp', match_requests_on: %i[method uri]) do
    reply = ask('get', 'https://gdata.youtube.com/feeds/api/users/ann')
    equal('php-vcr: body', '<feed/>', reply.body)
  end
end
