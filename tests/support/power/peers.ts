import { execa } from 'execa'
import { peersDirectory } from '../../../scripts/setup/places.mjs'

/**
 * labgrid's own power backend, from Debian's package, switches or reads an outlet. It is loaded without the rest of
 * labgrid, which needs a coordinator's libraries.
 * @param backend a module of labgrid.driver.power
 */
export async function askLabgrid(
  backend: string,
  { host, port, index }: { readonly host: string; readonly port?: number; readonly index: string | number },
  action: 'on' | 'off' | 'get',
): Promise<string> {
  return python(labgridScript, [backend, host, JSON.stringify(port ?? null), String(index), action])
}

/**
 * pdudaemon's own driver, from Debian's package, switches an outlet.
 * @param driver as its configuration names it, in a module of pdudaemon.drivers
 */
export async function askPdudaemon(
  module: string,
  driver: string,
  {
    host,
    port,
    settings = {},
  }: { readonly host: string; readonly port: string | number; readonly settings?: object },
  action: 'on' | 'off',
): Promise<void> {
  await python(pdudaemonScript, [module, driver, host, String(port), JSON.stringify(settings), action])
}

/** Isolated, and with Debian's Python: what a person has installed is none of our business. */
async function python(script: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execa('/usr/bin/python3', ['-I', '-c', script, peersDirectory(), ...args], {
    timeout: 60_000,
  })
  return stdout.trim()
}

/** A package whose modules can be imported while it is not run itself. */
const bare = `
import importlib, json, sys, types
directory = sys.argv[1]
def bare(name):
    module = types.ModuleType(name)
    module.__path__ = [directory + '/' + name.replace('.', '/')]
    sys.modules[name] = module
`

const labgridScript = `${bare}
for name in ('labgrid', 'labgrid.driver', 'labgrid.driver.power', 'labgrid.util'):
    bare(name)
backend, host, port, index, action = sys.argv[2:]
module = importlib.import_module('labgrid.driver.power.' + backend)
if action == 'get':
    print(bool(module.power_get(host, json.loads(port), index)))
else:
    module.power_set(host, json.loads(port), index, action == 'on')
`

const pdudaemonScript = `${bare}
for name in ('pdudaemon', 'pdudaemon.drivers'):
    bare(name)
module, driver, host, port, settings, action = sys.argv[2:]
classes = vars(importlib.import_module('pdudaemon.drivers.' + module)).values()
[one] = [c for c in classes if isinstance(c, type) and c.__module__.endswith(module) and c.accepts(driver)]
one(host, json.loads(settings)).handle(action, int(port))
`
