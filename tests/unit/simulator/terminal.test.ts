import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { BoardConsole } from './board-console.ts'

/** What was typed at a real shell on a pseudo terminal, and what it sent; a byte is a character. */
interface Session {
  readonly shell: 'ash' | 'bash' | 'sh'
  readonly title: string
  readonly steps: readonly { readonly keys: string; readonly output: string }[]
}

const sessions = JSON.parse(
  readFileSync(new URL('../../fixtures/posix-cases/terminal.json', import.meta.url), 'utf8'),
) as Session[]

const programs = { ash: 'busybox', bash: 'bash', sh: 'dash' }

for (const { shell, title, steps } of sessions) {
  it(`A simulated terminal shows byte for byte what ${programs[shell]} sent: ${title}`, async () => {
    const [first, ...typed] = steps
    const prompt = normalise(first?.output ?? '')
    using board = await BoardConsole.started(
      { bootloader: 'none', speed: 20, linux: { shell, hostname: 'sim' } },
      'as init process\r\n',
    )
    assert.equal(normalise(await board.until(ending(first?.output ?? ''))), prompt)
    for (const { keys, output } of typed) {
      await board.type(keys)
      // At the end of the last shell init starts another one.
      const ends = output.endsWith('<EOF>')
      const expected = normalise(output.replace(/<EOF>$/, ''))
      const shown = normalise(await arrived(board, output.replace(/<EOF>$/, '').length - 10))
      if (ends) assert.equal(shown.slice(0, expected.length), expected)
      else assert.equal(shown, expected, `after ${JSON.stringify(keys)}`)
    }
  })
}

/** What comes within a short while, longer when less than `length` has come. */
async function arrived(board: BoardConsole, length: number): Promise<string> {
  const end = performance.now() + 1500
  while (board.pending.length < length && performance.now() < end) await turn()
  for (let turns = 0; turns < 10; turns += 1) await turn()
  return board.takePending()
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function ending(text: string): RegExp {
  return new RegExp(`${text.slice(-4).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`)
}

/** Names, places and line numbers that differ from board to board. */
function normalise(text: string): string {
  return text
    .replace(/(?:\/bin\/)?\b(?:sh|bash|dash): (?:\d+: )?/g, 'SHELL: ')
    .replaceAll('root@sim:/', 'PROMPT')
    .replace(/^([0-9a-f]+:){3}[0-9a-f]+:.*$/m, 'STTY')
}
