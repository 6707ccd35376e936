import { error, warning, type Finding } from '../finding.ts'
import type { ModuleContents } from './facts.ts'
import type { Preflight } from './preflight.ts'

export function* checkModules({ payload, contents }: Preflight): Generator<Finding> {
  const modules = contents.initramfs?.modules ?? []
  const { release, architecture } = payload.kernel
  if (release === undefined || modules.length === 0) return
  yield* checkReleases(modules, release)
  const foreign = modules.find(({ vermagic }) => vermagic !== undefined && vermagic.split(' ')[0] !== release)
  if (foreign !== undefined) {
    yield error(
      'modules.vermagic',
      foreign.path,
      `the module says "${foreign.vermagic}", but the kernel is ${release}: it will refuse to load it`,
      'install the modules again with the kernel that they are for',
    )
  }
  const other = modules.find(
    (module) => module.architecture !== undefined && module.architecture !== architecture,
  )
  if (architecture !== undefined && other !== undefined) {
    yield error(
      'modules.architecture',
      other.path,
      `the module is for ${other.architecture}, the kernel for ${architecture}`,
      'install the modules again with the kernel that they are for',
    )
  }
}

function* checkReleases(modules: readonly ModuleContents[], release: string): Generator<Finding> {
  const releases = [...new Set(modules.map((module) => module.release))]
  if (!releases.includes(release)) {
    yield error(
      'modules.release',
      undefined,
      `the initramfs has modules for ${releases.join(', ')}, but the kernel is ${release}: none of them will be found`,
      'pack modules and kernel of the same build',
    )
    return
  }
  const strange = releases.filter((each) => each !== release)
  if (strange.length === 0) return
  yield warning(
    'modules.other-release',
    undefined,
    `the initramfs also has modules for ${strange.join(', ')}; rsinit refuses to start with them`,
    'append to an initrd without modules',
  )
}
