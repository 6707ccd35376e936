import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { autobootPrompt, bareboxPrompt, BoardConsole } from './board-console.ts'

const anyPrompt = /\x1b\[1;32mbarebox@\x1b\[1;36m[^\x1b]*\x1b\[0m /
const kernelStart = '[    0.000000] Booting Linux'
const bareboxStart = 'Using -bios device tree'

/** What the host typed at a prompt of a recording, and what came up to the next one. */
interface Exchange {
  readonly typed: string
  readonly answer: string
}

function readTranscript(name: string): { readonly start: string; readonly exchanges: readonly Exchange[] } {
  const text = readFileSync(new URL(`../../fixtures/transcripts/${name}.log`, import.meta.url), 'latin1')
  const [start = '', ...rest] = text.split(anyPrompt)
  const exchanges = rest.map((exchange) => {
    const end = exchange.indexOf('\r\n')
    return { typed: exchange.slice(0, end), answer: exchange.slice(end + 2) }
  })
  return { start, exchanges }
}

/** What barebox printed before it started a kernel. */
function bootloaderPart(text: string): string {
  return text.split(kernelStart)[0] ?? ''
}

/** What legitimately differs: the build, sizes, times, digests. */
function normalise(text: string): string {
  return text
    .replace(/^(barebox \S+ #\d+) .*$/gm, '$1 DATE')
    .replace(/^time: \d+ms/gm, 'time: Nms')
    .replace(/\b[0-9a-f]{32}\b/g, 'DIGEST')
    .replaceAll('\r\n', '\n')
}

describe('The simulated barebox replays a recording of a real one', () => {
  it('starts, lists devices and boot sources', async () => {
    const { start, exchanges } = readTranscript('barebox-devboot-to-shell')
    using board = await interrupted(start)
    // The rest boots a FIT, which is not simulated.
    for (const exchange of exchanges.slice(0, 2)) await replay(board, exchange)
  })

  it('fails where it failed, and resets', async () => {
    const { start, exchanges } = readTranscript('barebox-errors-and-reset')
    using board = await interrupted(start)
    const directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
    try {
      await writeFile(join(directory, 'fit'), 'any content')
      await board.machine.files?.publish('none-fit-virt64', join(directory, 'fit'), board.t)
      for (const exchange of exchanges.slice(0, -1)) await replay(board, exchange)
      const reset = exchanges.at(-1)
      await board.type(`${reset?.typed ?? ''}\r`)
      const shown = await board.until(autobootPrompt)
      assert.equal(normalise(shown).trim(), `reset\n${normalise(reset?.answer ?? '').trim()}`)
    } finally {
      await rm(directory, { recursive: true })
    }
  })

  it('counts down and boots the default entry', async () => {
    const { start } = readTranscript('barebox-autoboot-countdown')
    using board = await BoardConsole.started({}, kernelStart)
    assert.equal(normalise(bootloaderPart(board.all)), normalise(bootloaderPart(start)))
  })

  it('boots a kernel without root, which panics and starts barebox again', async () => {
    const { start, exchanges } = readTranscript('barebox-kernel-panic-reboot')
    using board = await interrupted(start, { linux: { root: false } })
    const [{ typed, answer } = { typed: '', answer: '' }] = exchanges
    await board.type(`${typed}\r`)
    const shown = await board.until(autobootPrompt)
    const [recordedBoot = '', recordedRestart = ''] = cut(answer)
    const [boot = '', restart = ''] = cut(shown.slice(typed.length + 2))
    assert.equal(normalise(bootloaderPart(boot)), normalise(bootloaderPart(recordedBoot)))
    assert.equal(normalise(restart).trim(), normalise(recordedRestart).trim())
    const panic = (text: string) => kernelMessages(text.slice(text.indexOf('Kernel panic')))
    assert.deepEqual(panic(boot), panic(recordedBoot))
  })
})

describe('The simulated kernel', () => {
  it('says nothing that the recorded one did not say, and in the same order', async () => {
    const recorded = kernelMessages(
      readFileSync(
        new URL('../../fixtures/transcripts/barebox-devboot-to-shell.log', import.meta.url),
        'latin1',
      ),
    )
    using board = await BoardConsole.started(
      { bootloader: 'none', linux: { bootargs: 'console=ttyAMA0 stock=1 console=ttyAMA0 hil.test=1' } },
      'as init process',
    )
    let at = -1
    for (const message of kernelMessages(board.all)) {
      const place = recorded.indexOf(message, at + 1)
      assert.notEqual(place, -1, `not in the recording: ${message}`)
      at = place
    }
  })
})

/** A board whose countdown was stopped; checks what came up to there against the recording. */
async function interrupted(
  start: string,
  options: Parameters<typeof BoardConsole.open>[0] = {},
): Promise<BoardConsole> {
  const board = await BoardConsole.started(options, autobootPrompt)
  await board.type('\r')
  await board.until(bareboxPrompt)
  assert.equal(normalise(board.all.replace(bareboxPrompt, '')), normalise(start))
  return board
}

async function replay(board: BoardConsole, { typed, answer }: Exchange): Promise<void> {
  await board.type(`${typed}\r`)
  const shown = (await board.until(bareboxPrompt)).replace(bareboxPrompt, '')
  assert.equal(normalise(shown), `${typed}\n${normalise(answer)}`)
}

function cut(text: string): readonly string[] {
  const at = text.indexOf(bareboxStart)
  return [text.slice(0, at), text.slice(at)]
}

/** Kernel messages without time stamps, numbers made equal. */
function kernelMessages(text: string): readonly string[] {
  return [...text.matchAll(/^\[ *\d+\.\d{6}\] (.*?)\s*$/gm)].map(([, message = '']) =>
    message.replace(/0x[0-9a-f]+|\d+/g, 'N'),
  )
}
