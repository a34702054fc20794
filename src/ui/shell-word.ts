/** Paths in commands that people paste. */

/** A path, or the name of a model, as a shell reads it and no command takes it for a flag. */
export function shellWord(path: string): string {
  const word = path.startsWith('-') ? `./${path}` : path;
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
