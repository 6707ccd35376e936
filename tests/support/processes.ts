import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { Deadline } from '../../src/core/deadline.ts'

/** The ids of running processes whose command line contains `text`, ourselves excepted. */
export async function findProcesses(text: string): Promise<number[]> {
  const ids = (await readdir('/proc')).map(Number).filter((id) => Number.isInteger(id) && id !== process.pid)
  const found = await Promise.all(ids.map(async (id) => (await commandLine(id)).includes(text)))
  return ids.filter((_, index) => found[index])
}

/** Waits for a process with exactly this command line, and gives its id. */
export async function untilProcess(line: string, t: Deadline): Promise<number> {
  for (;;) {
    for (const id of await findProcesses(line)) if ((await commandLine(id)) === `${line} `) return id
    await t.race(wait(5))
  }
}

/** Waits until no process has `text` in its command line. Linux tells nobody, so this one looks again. */
export async function untilNoProcess(text: string, t: Deadline): Promise<void> {
  while ((await findProcesses(text)).length > 0) await t.race(wait(5))
}

/** Empty for a process that is gone or a zombie. */
async function commandLine(id: number): Promise<string> {
  try {
    return (await readFile(`/proc/${id}/cmdline`, 'utf8')).replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
