import { resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { bringUp, isUp } from '../network.ts'
import { HushExit } from '../hush/run.ts'
import type { Command } from './command.ts'

const parts = ['image', 'oftree', 'initrd'] as const

/**
 * The script of the default environment that boots with what the network has: it sources
 * `USER-devboot-HOSTNAME` (or `-ARCH`) and turns the variables it sets into overrides.
 */
export const devboot: Command = {
  summary: 'boot with overrides from the network',
  usage: '[ARGUMENT...]',
  run: async ({ barebox, argv, hush }) => {
    const { variables } = barebox
    if (!isUp(barebox)) await bringUp(barebox)
    const path = variables.global('net.fetchdir')
    const before = barebox.directory
    if ((await barebox.files.find(resolvePath('/', path)))?.type !== 'directory') {
      await barebox.print('chdir: No such file or directory\n')
      return 1
    }
    const script = await findScript(barebox, path)
    if (script === undefined) return 1
    // It is a script of its own: it knows only exported variables, and its own don't outlive it.
    const locals = [...variables.locals]
    variables.locals.clear()
    barebox.directory = resolvePath('/', path)
    try {
      await barebox.print(`Sourcing ${path}/${script}\n`)
      const text = await barebox.files.read(resolvePath('/', `${path}/${script}`))
      const result = await hush.child().runScript(text)
      if ((result instanceof HushExit ? result.status : result) !== 0) return 1
      const overrides = parts.flatMap((part) => {
        const value = variables.get(`devboot_${part}`)
        return value === undefined ? [] : ['-o', `bootm.${part}=${value}`]
      })
      const command = ['boot', ...overrides, ...argv.slice(1)].join(' ')
      await barebox.print(`${command}\n`)
      // The script returns the status of what follows, whatever became of the boot.
      await barebox.run(command)
      return 0
    } finally {
      barebox.directory = before
      variables.locals.clear()
      for (const [name, value] of locals) variables.locals.set(name, value)
    }
  },
}

async function findScript(barebox: Barebox, path: string): Promise<string | undefined> {
  const { variables } = barebox
  const names = ['hostname', 'arch'].map(
    (name) => `${variables.global('user')}-devboot-${variables.global(name)}`,
  )
  for (const name of names) {
    if ((await barebox.files.find(resolvePath('/', `${path}/${name}`)))?.type === 'file') return name
  }
  await barebox.print(
    `Error: Neither ${names.join(' nor ')} found\nCreate one of them and set as needed:\n` +
      '  devboot_image, devboot_initrd, devboot_oftree\n',
  )
  return undefined
}
