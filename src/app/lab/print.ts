/** A line on stdout. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** An answer for programs. */
export function printJson(answer: object): void {
  print(JSON.stringify({ version: 1, ...answer }, undefined, 2))
}
