// Imported before anything else, and written in old syntax, so that an old Node can still read it and say what is missing.
var needed = [20, 19];
var found = process.versions.node.split('.').map(Number);
if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  process.stderr.write(
    '\nRookery needs Node ' +
      needed.join('.') +
      ' or newer; this is Node ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ').\nNext step: install a newer one from https://nodejs.org (or `nvm install 22`), then run the command again.\n\n',
  );
  process.exit(1);
}
