import type { PayloadRequest } from '../../../src/build/build-request.ts'

/** A request for a payload with nothing in it but what is given. */
export function payloadRequest(output: string, given: Partial<PayloadRequest>): PayloadRequest {
  return {
    output,
    from: { kernel: undefined },
    board: undefined,
    format: 'auto',
    deviceTrees: [],
    overlays: [],
    initrd: { keepsOwn: false, files: [] },
    init: undefined,
    modulesFrom: undefined,
    modules: 'all',
    extraModules: [],
    modulesPrefix: '',
    rootfs: undefined,
    files: undefined,
    bootargs: [],
    timestamp: 0,
    ...given,
  }
}
