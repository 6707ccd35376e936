import type { Bootloader, BootloaderDriver } from '../../../board/bootloader.ts'
import type { Console } from '../../../board/console.ts'
import type { DriverContext } from '../../../board/driver.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { runOk } from '../run-ok.ts'
import { stopAutoboot } from '../stop-autoboot.ts'
import type { UbootOptions } from '../uboot.ts'
import { autobootDialect, banner } from './dialect.ts'
import { openPrompt } from './open-prompt.ts'
import { UbootPrompt } from './uboot-prompt.ts'

export async function openUboot(
  options: UbootOptions,
  { secret }: Pick<DriverContext, 'secret'>,
): Promise<BootloaderDriver> {
  const { stopString, password, echoTimeout, initCommands, network } = options
  const dialect = autobootDialect(options, {
    stopString: typeof stopString === 'object' ? await secret(stopString) : stopString,
    password: typeof password === 'object' ? await secret(password) : password,
  })
  const open = async (console: Console, t: Deadline): Promise<Bootloader> => {
    const prompt = new UbootPrompt(await openPrompt(console, options, t), options)
    for (const command of initCommands) await runOk(prompt, command, t)
    return prompt
  }
  return {
    kind: 'uboot',
    ...(network !== 'dhcp' && { address: network.address }),
    banner,
    async interrupt(console, t) {
      await stopAutoboot(console, dialect, t)
      return open(console.take('the U-Boot prompt'), t)
    },
    answers: { prompt: dialect.prompt },
    answerWithin: echoTimeout,
    recognise: (console, _answer, t) => open(console.take('the U-Boot prompt'), t),
  }
}
