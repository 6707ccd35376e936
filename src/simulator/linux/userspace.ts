import type { SimulatorOptions } from '../options.ts'
import { runInteractive } from '../posix/interactive.ts'
import type { System } from '../posix/process.ts'
import { login } from './login.ts'

/** What init does: a login or a shell on the console, for ever. */
export async function runUserspace(
  system: System,
  loginOptions: SimulatorOptions['linux']['login'],
): Promise<never> {
  for (;;) {
    if (loginOptions === undefined) {
      const name = system.flavour === 'ash' ? '/bin/sh' : system.flavour
      await runInteractive(system, { name, user: 'root', directory: '/' })
    } else {
      const user = await login(system, loginOptions)
      const directory = user === 'root' ? '/root' : '/'
      await runInteractive(system, { name: system.flavour === 'bash' ? '-bash' : '-sh', user, directory })
    }
    await system.life.breathe()
  }
}
