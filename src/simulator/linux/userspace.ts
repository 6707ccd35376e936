import type { Hardware } from '../hardware.ts'
import type { System } from '../posix/process.ts'
import { runInteractive } from '../posix/interactive.ts'
import { login } from './login.ts'

/** What init does: a login or a shell on the console, for ever. */
export async function runUserspace(system: System, hardware: Hardware): Promise<never> {
  const { linux } = hardware.options
  for (;;) {
    if (linux.login === undefined) {
      await runInteractive(system, hardware, {
        name: linux.shell === 'ash' ? '/bin/sh' : linux.shell,
        user: 'root',
        directory: '/',
        login: false,
      })
    } else {
      const user = await login(system, linux.login)
      const name = linux.shell === 'bash' ? '-bash' : '-sh'
      await runInteractive(system, hardware, {
        name,
        user,
        directory: user === 'root' ? '/root' : '/',
        login: true,
      })
    }
    await hardware.life.breathe()
  }
}
