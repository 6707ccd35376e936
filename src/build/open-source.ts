import { stat } from 'node:fs/promises'
import type { PayloadRequest } from './build-request.ts'
import { unreadable } from './files.ts'
import { openModuleArchive, openModuleDirectory, type ModuleFiles } from './modules/module-files.ts'
import { openDebianPackage } from './sources/debian-package.ts'
import type { KernelSource } from './sources/kernel-source.ts'
import { openKernelTree } from './sources/kernel-tree.ts'

/** Finds what a payload is made of. @param scratch a directory of the caller's, for packages */
export async function openSource(request: PayloadRequest, scratch: string): Promise<KernelSource> {
  const source = await openNamed(request, scratch)
  const { modulesFrom } = request
  return modulesFrom === undefined ? source : { ...source, modules: await openModules(modulesFrom) }
}

async function openNamed({ from, deviceTrees }: PayloadRequest, scratch: string): Promise<KernelSource> {
  if ('tree' in from) return openKernelTree(from)
  if ('debian' in from) return openDebianPackage(from.debian, scratch)
  const kernel = 'kernel' in from ? from.kernel : undefined
  return {
    origin: { kind: 'file', path: kernel ?? deviceTrees[0] ?? '' },
    kernel,
    deviceTrees,
    modules: undefined,
    config: undefined,
  }
}

/** Modules that come from elsewhere than the kernel. */
export async function openModules(path: string): Promise<ModuleFiles> {
  const facts = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  return facts.isDirectory() ? openModuleDirectory(path) : openModuleArchive(path)
}
