import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A log that people gave a title. */
export interface LabelledLog {
  readonly file: string
  /** `undefined`: there is nothing in it to complain about. */
  readonly title: string | undefined
  readonly log: Buffer
}

/**
 * Reads a directory of logs in the format of syzkaller's tests (`pkg/report/testdata/linux/report`): lines
 * `TITLE: ...` and others like it, an empty line, the log, and perhaps what the report is, after an
 * empty line and `REPORT:`.
 */
export function readLabelledLogs(directory: string): readonly LabelledLog[] {
  return readdirSync(directory)
    .filter((name) => statSync(join(directory, name)).isFile())
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => parse(name, readFileSync(join(directory, name))))
}

function parse(file: string, bytes: Buffer): LabelledLog {
  const headerEnd = bytes[0] === lineFeed ? 0 : bytes.indexOf('\n\n') + 1
  const header = bytes.toString('latin1', 0, headerEnd)
  const report = bytes.indexOf('\n\nREPORT:\n', headerEnd)
  const log = bytes.subarray(headerEnd + 1, report === -1 ? bytes.length : report + 1)
  return { file, title: /^TITLE: (.*)$/m.exec(header)?.[1], log }
}

const lineFeed = 10
