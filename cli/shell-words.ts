/** Commands as a person types them again: words that a shell hands on as they are. */

/** What no shell, zsh among them, reads anything into. */
const plain = /^[\w@%+:,./-][\w@%+=:,./-]*$/;

/** One word, in quotes where it needs them. */
function shellWord(text: string): string {
  return plain.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
