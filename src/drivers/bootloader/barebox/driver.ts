import type { Bootloader, BootloaderDriver } from '../../../board/bootloader.ts'
import type { Console } from '../../../board/console.ts'
import type { DriverContext } from '../../../board/driver.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { stopAutoboot } from '../stop-autoboot.ts'
import type { BareboxOptions } from '../barebox.ts'
import { BareboxPrompt } from './barebox-prompt.ts'
import { autobootDialect, banner } from './dialect.ts'
import { openPrompt } from './open-prompt.ts'

export async function openBarebox(
  options: BareboxOptions,
  context: Pick<DriverContext, 'log' | 'secret'>,
): Promise<BootloaderDriver> {
  const { password } = options
  const dialect = autobootDialect(
    options,
    typeof password === 'object' ? await context.secret(password) : password,
  )
  const open = async (console: Console, seen: string, t: Deadline): Promise<Bootloader> =>
    new BareboxPrompt(await openPrompt(console, seen, options, t), context.log)
  return {
    kind: 'barebox',
    banner,
    async interrupt(console, t) {
      const { text } = await stopAutoboot(console, dialect, t)
      return open(console.take('the barebox prompt'), text, t)
    },
    answers: { prompt: dialect.prompt },
    answerWithin: options.echoTimeout,
    recognise: (console, { text }, t) => open(console.take('the barebox prompt'), text, t),
  }
}
