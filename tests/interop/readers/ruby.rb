# Reads .env files with the dotenv gem.
#
# In: paths on stdin, each ended by NUL. Out: one line a file,
# "ok NAME=VALUE NAME=VALUE ..." or "error MESSAGE", every field in hex.
require "dotenv"

Encoding.default_external = Encoding::UTF_8

def hex(text)
  text.to_s.b.unpack1("H*")
end

STDIN.binmode.read.split("\0").each do |path|
  ENV.clear
  begin
    Dotenv.load(path.dup.force_encoding("UTF-8"))
    puts((["ok"] + ENV.map { |name, value| "#{hex(name)}=#{hex(value)}" }).join(" "))
  rescue StandardError => error
    puts "error #{hex(error.message)}"
  end
end
