/** What a commit made of one file: its text before and after; undefined where there is none. */
export interface ChangedFile {
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
  /** Git shows nothing of it. */
  readonly isBinary: boolean
}

/**
 * Reads what `git show --format= --no-renames --unified=<more lines than any file has>` prints: with the whole file as
 * context both versions of it are there.
 */
export function parseWholeDiff(text: string): readonly ChangedFile[] {
  return text
    .split(/^(?=diff --git )/m)
    .filter((part) => part.startsWith('diff --git '))
    .map(parseFile)
}

function parseFile(part: string): ChangedFile {
  const start = part.search(/^@@ /m)
  const head = start < 0 ? part : part.slice(0, start)
  // Without renames both sides have the same name: `a/<path> b/<path>`.
  const names = /^diff --git (.*)$/m.exec(head)?.[1] ?? ''
  const path = names.slice('a/'.length, (names.length - 1) / 2)
  const before: string[] = []
  const after: string[] = []
  for (const line of start < 0 ? [] : part.slice(start).split('\n')) {
    if (line.startsWith(' ') || line.startsWith('-')) before.push(line.slice(1))
    if (line.startsWith(' ') || line.startsWith('+')) after.push(line.slice(1))
  }
  return {
    path,
    before: /^new file mode /m.test(head) ? undefined : before.join('\n'),
    after: /^deleted file mode /m.test(head) ? undefined : after.join('\n'),
    isBinary: /^Binary files |^GIT binary patch/m.test(head),
  }
}
