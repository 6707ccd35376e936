import type { DriverContext } from '../../../board/driver.ts'
import { sshLogin, type SshLogin } from '../../../board/ssh-login.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { SshConnection } from '../../../transports/ssh/connection.ts'
import { forwardTo } from '../../../transports/ssh/forward.ts'
import { sshTarget } from '../../../transports/ssh/target.ts'
import type { PlaceResource, Resource } from '../place.ts'
import { text } from './driver-for.ts'

/** How to log in to the machines of exporters. */
export type ExporterLogin = Partial<Omit<SshLogin, 'host'>>

/** The machine to go through, where a resource is reached by no other way. */
export function proxyOf({ extra }: Resource): string | undefined {
  const { proxy, proxy_required: isRequired } = extra
  return isRequired === true && typeof proxy === 'string' ? proxy : undefined
}

/** The name of the machine that has a resource: where programs are run and files are put for it. */
export function hostOf(from: PlaceResource): string {
  return proxyOf(from.resource) ?? text(from, 'host')
}

/** The same, and how to log in there: by the user's own ssh and its configuration where nothing is said of that. */
export function machineOf(from: PlaceResource, exporters: ExporterLogin): SshLogin | string {
  const host = hostOf(from)
  return Object.keys(exporters).length === 0 ? host : loginTo(host, exporters)
}

/** How to log in to one of them. */
export function loginTo(host: string, exporters: ExporterLogin): SshLogin {
  return { ...sshLogin.parse({ host }), ...exporters }
}

/** Where a TCP port is reached that only another machine reaches. It is so until the board is released. */
export async function forwardThrough(
  proxy: string,
  target: { readonly host: string; readonly port: number },
  exporters: ExporterLogin,
  { secret, undo }: DriverContext,
  t: Deadline,
): Promise<{ readonly host: string; readonly port: number }> {
  const connection = new SshConnection(await sshTarget(loginTo(proxy, exporters), secret))
  undo.defer(`closing the connection to ${proxy}`, () => connection.close())
  const forward = await forwardTo(connection, target, t, { outlivesLoss: true })
  undo.defer(`closing the way through ${proxy}`, () => forward.close())
  return { host: forward.host, port: forward.port }
}
