// Rival writers from npm. In: a JSON array of { path, key, value (hex) } on stdin, the writer's
// name as the first argument. Out: one line a job, `ok` or `error MESSAGE`.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const which = process.argv[2];
const load = (name) => require(path.join(process.env.INTEROP_NPM, name));
const plain = (module) => module.default || module;

const writers = {
  'dotenvx-set': async ({ path: file, key, value }) => {
    const result = await load('@dotenvx/dotenvx').set(key, value, {
      path: file, plain: true, quiet: true,
    });
    const failed = result.processedEnvs.find((env) => env.error);
    if (failed) throw failed.error;
  },
  'edit-dotenv': ({ path: file, key, value }) => {
    const edit = plain(load('edit-dotenv'));
    fs.writeFileSync(file, edit(fs.readFileSync(file, 'utf8'), { [key]: value }));
  },
  'dotenv-stringify': ({ path: file, key, value }) => {
    const vars = load('dotenv').parse(fs.readFileSync(file));
    vars[key] = value;
    fs.writeFileSync(file, plain(load('dotenv-stringify'))(vars));
  },
};

async function main() {
  const jobs = JSON.parse(fs.readFileSync(0, 'utf8'));
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;
  process.stderr.write = () => true;
  let answers = '';
  for (const job of jobs) {
    try {
      await writers[which]({ ...job, value: Buffer.from(job.value, 'hex').toString('utf8') });
      answers += 'ok\n';
    } catch (error) {
      answers += `error ${String(error && error.message).replace(/\s+/g, ' ')}\n`;
    }
  }
  write(answers, () => process.exit(0));
}

main();
