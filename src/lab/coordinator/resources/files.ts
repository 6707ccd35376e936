import { lookup } from 'node:dns/promises'
import { posix } from 'node:path'
import type { NetworkSettings } from '../../../environment/environment.ts'
import type { PlaceResource } from '../place.ts'
import { text, unsupported } from './driver-for.ts'
import { loginTo, hostOf, type ExporterLogin } from './proxy.ts'

/** What fetches from what: barebox has no client for HTTP, and U-Boot's for NFS is not relied on. */
const clients: Readonly<Record<string, string | undefined>> = {
  RemoteTFTPProvider: undefined,
  RemoteHTTPProvider: 'uboot',
  RemoteNFSProvider: 'barebox',
}

/** Whether a bootloader can fetch files from what a place has; one of several is named in the environment. */
export function servesFiles(cls: string, bootloader: string | undefined): boolean {
  return cls in clients && (clients[cls] === undefined || clients[cls] === bootloader)
}

/** The directory of a server of an exporter, in which files are put over SSH. */
export async function fileServerOf(from: PlaceResource, exporters: ExporterLogin): Promise<NetworkSettings> {
  const host = text(from, 'host')
  const ssh = loginTo(hostOf(from), exporters)
  // A bootloader looks up no names here.
  const { address } = await lookup(host, { family: 4 }).catch((cause: unknown) => {
    throw unsupported(from, `its host ${host} has no IPv4 address: ${String(cause)}`)
  })
  switch (from.resource.cls) {
    case 'RemoteTFTPProvider':
      return { tftp: { ...tftpDirectory(from), ssh, address, port: 69 } }
    case 'RemoteHTTPProvider': {
      const url = externalUrl(from)
      const port = url.port === '' ? 80 : Number(url.port)
      const http = {
        directory: text(from, 'internal'),
        ssh,
        address,
        port,
        path: url.pathname.replace(/\/$/, ''),
      }
      return { tftp: undefined, http }
    }
    case 'RemoteNFSProvider': {
      // labgrid exports no more than that its cache is exported (ManagedFile).
      const directory = '/var/cache/labgrid'
      return { tftp: undefined, nfs: { directory, ssh, address, export: directory } }
    }
    default:
      throw unsupported(from, 'it serves no files that hil knows how to put there')
  }
}

/**
 * Names are asked for as they lie below the root of the server, which is not said: only what its own directory adds is.
 */
function tftpDirectory(from: PlaceResource): { readonly directory: string; readonly prefix: string } {
  const { internal, external } = from.resource.params
  const directory = posix.normalize(`/${String(internal ?? '')}/`)
  const prefix = posix.normalize(`/${String(external ?? '')}/`)
  if (directory.endsWith(prefix)) {
    return { directory: directory.slice(0, directory.length - prefix.length + 1), prefix: prefix.slice(1) }
  }
  throw unsupported(
    from,
    `its files appear below ${prefix} on the TFTP server, but its directory ${directory} does not end so; name "network: { tftp: ... }" in the environment`,
  )
}

function externalUrl(from: PlaceResource): URL {
  const external = text(from, 'external')
  if (URL.canParse(external)) return new URL(external)
  throw unsupported(from, `its "external" ${JSON.stringify(external)} is no URL`)
}
