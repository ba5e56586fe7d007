// Reads .env files with the npm package (or the part of node) named by the first argument.
//
// In: paths on stdin, each ended by NUL. Out: one line a file,
// `ok NAME=VALUE NAME=VALUE ...` or `error MESSAGE`, every field in hex.
// INTEROP_NPM is the node_modules directory.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const which = process.argv[2];
const modules = process.env.INTEROP_NPM;
const load = (name) => require(path.join(modules, name));
const hex = (text) => Buffer.from(String(text), 'utf8').toString('hex');

function emptyEnvironment() {
  for (const name of Object.keys(process.env)) delete process.env[name];
}

// a package's `config`, into an object of our own
function config(dotenv, file) {
  const into = {};
  const result = dotenv.config({ path: file, processEnv: into, quiet: true });
  if (result.error) throw result.error;
  return { into, parsed: result.parsed };
}

const readers = {
  dotenv: () => {
    const dotenv = load('dotenv');
    return (file) => config(dotenv, file).into;
  },
  'dotenv-expand': () => {
    const dotenv = load('dotenv');
    const { expand } = load('dotenv-expand');
    return (file) => {
      const { into, parsed } = config(dotenv, file);
      const result = expand({ parsed, processEnv: into });
      if (result.error) throw result.error;
      return into;
    };
  },
  dotenvx: () => {
    const dotenvx = load('@dotenvx/dotenvx');
    return (file) => {
      const into = {};
      const result = dotenvx.config({ path: file, processEnv: into, quiet: true, ignore: [] });
      if (result.error && Object.keys(into).length === 0) throw result.error;
      return into;
    };
  },
  next: () => {
    const { loadEnvConfig } = load('@next/env');
    const silent = { info() {}, error() {} };
    return (file) => {
      const { combinedEnv } = loadEnvConfig(path.dirname(file), false, silent, true);
      const { __NEXT_PROCESSED_ENV, ...vars } = combinedEnv;
      return vars;
    };
  },
  vite: async () => {
    const vite = await import(path.join(modules, 'vite/dist/node/index.js'));
    return (file) => vite.loadEnv('production', path.dirname(file), '');
  },
  node: () => (file) => {
    process.loadEnvFile(file);
    return { ...process.env };
  },
};

async function main() {
  const files = fs.readFileSync(0, 'utf8').split('\0').filter((file) => file !== '');
  const read = await readers[which]();
  // whatever a package prints must not get between the answers
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;
  let answers = '';
  for (const file of files) {
    emptyEnvironment();
    try {
      const vars = read(file);
      answers += 'ok';
      for (const name of Object.keys(vars)) answers += ` ${hex(name)}=${hex(vars[name])}`;
      answers += '\n';
    } catch (error) {
      answers += `error ${hex((error && error.message) || error)}\n`;
    }
  }
  write(answers, () => process.exit(0));
}

main().catch((error) => {
  process.stderr.write(`${error && error.stack}\n`);
  process.exit(1);
});
