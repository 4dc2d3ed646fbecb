// Compares one base with many documents in one process: `node redocly_batch.mjs CLI BASE CONFIG DOCUMENT...`.
// Redocly CLI runs when its module is evaluated, and takes most of its time to load the modules below that one. Each
// query makes it a new module, which is evaluated again; those below stay loaded.

import { pathToFileURL } from 'node:url';

const [cli, base, config, ...documents] = process.argv.slice(2);
const main = pathToFileURL(cli.replace('bin/cli.js', 'lib/index.js'));
const write = process.stdout.write.bind(process.stdout);
const exit = process.exit.bind(process);
const answers = [];
let printed = '';

process.stdout.write = (text) => {
  printed += text;
  return true;
};
process.exit = () => {};
process.on('beforeExit', async () => {
  if (printed) {
    answers.push(JSON.parse(printed));
    printed = '';
  }
  const document = documents.shift();
  if (document === undefined) {
    write(JSON.stringify(answers), () => exit(0));
    return;
  }
  const options = ['--fail-on=none', `--config=${config}`, '--format=json'];
  process.argv = [process.argv[0], cli, 'diff', base, document, ...options];
  await import(`${main}?${documents.length}`);
});
