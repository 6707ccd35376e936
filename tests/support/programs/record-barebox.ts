import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openQemu } from '../../../src/drivers/machine/qemu/open.ts'
import { qemuSchema } from '../../../src/drivers/machine/qemu/options.ts'
import { startDeadline } from '../../../src/core/deadline.ts'
import { bareboxImage } from '../../../scripts/setup/places.mjs'
import { writeOverrideFiles } from '../barebox/override-files.ts'
import { typeCase, type BareboxCase, type TypingConsole } from '../barebox/typed-case.ts'
import { createTestContext } from '../driver-context.ts'
import { BoardConsole, autobootPrompt, bareboxPrompt } from '../../unit/simulator/board-console.ts'

/**
 * Types the inputs of `tests/fixtures/barebox-cases/override.json` into the barebox image there is, on
 * QEMU, and writes what it answers into the file.
 */
const path = new URL('../../fixtures/barebox-cases/override.json', import.meta.url)
/** What only tells how busy this machine is; it comes anywhere. */
const busy = /\x1b\[1;33mWARNING:\x1b\[0m poller: '[a-z]+' takes unexpectedly long: \d+ms\r\n/g
const cases = JSON.parse(await readFile(path, 'utf8')) as BareboxCase[]
const context = await createTestContext()
try {
  using t = startDeadline(120_000, 'recording')
  const options = qemuSchema.parse({ firmware: bareboxImage() })
  const machine = await openQemu(options, context, t)
  const directory = join(context.temporaryDirectory, 'files')
  for (const name of await writeOverrideFiles(directory)) {
    await machine.files?.publish(name, join(directory, name), t)
  }
  using console = await BoardConsole.startedOn(machine, autobootPrompt)
  await console.type('\r')
  await console.until(bareboxPrompt)
  const calm: TypingConsole = {
    type: (text) => console.type(text),
    until: async (pattern, ms) => (await console.until(pattern, ms)).replace(busy, ''),
  }
  const recorded: BareboxCase[] = []
  for (const { input } of cases) {
    const { output, directory: at } = await typeCase(calm, input, 60_000)
    recorded.push({ input, output, ...(at === '/' ? {} : { directory: at }) })
  }
  const lines = recorded.map((each) => JSON.stringify(each).replaceAll('\x1b', '\\u001b'))
  await writeFile(path, `[\n${lines.join(',\n')}\n]\n`)
} finally {
  await context.release()
}
