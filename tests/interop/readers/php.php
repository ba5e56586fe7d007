<?php
// Reads .env files with vlucas/phpdotenv or symfony/dotenv (the first argument says which).
//
// In: paths on stdin, each ended by NUL. Out: one line a file,
// "ok NAME=VALUE NAME=VALUE ..." or "error MESSAGE", every field in hex.
error_reporting(0);
$autoload = [
    'vlucas' => '/usr/share/php/Dotenv/autoload.php',
    'symfony' => '/usr/share/php/Symfony/Component/Dotenv/autoload.php',
][$argv[1]];
require $autoload;

function read_file(string $which, string $path): array
{
    if ($which === 'vlucas') {
        return Dotenv\Dotenv::createArrayBacked(dirname($path), basename($path))->load();
    }
    return (new Symfony\Component\Dotenv\Dotenv())->parse(file_get_contents($path), $path);
}

foreach (array_keys(getenv()) as $name) {
    putenv($name);
}
foreach (array_keys($_SERVER) as $name) {
    if ($name !== 'argv' && $name !== 'argc') {
        unset($_SERVER[$name]);
    }
}
$_ENV = [];
foreach (explode("\0", stream_get_contents(STDIN)) as $path) {
    if ($path === '') {
        continue;
    }
    try {
        $line = 'ok';
        foreach (read_file($argv[1], $path) as $name => $value) {
            $line .= ' ' . bin2hex((string) $name) . '=' . bin2hex((string) $value);
        }
    } catch (Throwable $error) {
        $line = 'error ' . bin2hex($error->getMessage());
    }
    echo $line, "\n";
}
