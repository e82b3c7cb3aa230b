/** The devices that programs run on, by name, and what to do where one is missing. Knows no runtime. */

export const onnxDevices = ['cpu', 'cuda', 'webgpu'] as const;
export const tfjsBackends = ['cpu', 'wasm', 'node', 'node-gpu'] as const;

export type OnnxDevice = (typeof onnxDevices)[number];
export type TfjsBackend = (typeof tfjsBackends)[number];
/** `cpu`, `cuda` and `webgpu` are onnxruntime's; `tfjs:…` are TensorFlow.js's. */
export type Device = OnnxDevice | `tfjs:${TfjsBackend}`;

export const devices: readonly Device[] = [...onnxDevices, ...tfjsBackends.map((backend): Device => `tfjs:${backend}`)];

/** @throws RangeError naming the devices that there are */
export function parseDevice(name: string): Device {
  const found = devices.find((device) => device === name);
  if (found === undefined) throw new RangeError(`device: expected ${devices.join(', ')}, got ${name}`);
  return found;
}

export function isOnnxDevice(device: Device): device is OnnxDevice {
  return onnxDevices.some((known) => known === device);
}

export function tfjsBackendOf(device: Device): TfjsBackend | undefined {
  return tfjsBackends.find((backend) => device === `tfjs:${backend}`);
}

const howToGet: { readonly [D in Device]: string } = {
  cpu: 'reinstall onnxruntime-node for this platform',
  cuda:
    'it needs Linux on x64, an NVIDIA GPU with CUDA 12 and cuDNN 9, and the CUDA libraries of onnxruntime-node: ' +
    'node node_modules/onnxruntime-node/script/install --onnxruntime-node-install=cuda12 (docs/gpu.md)',
  webgpu:
    'it needs a GPU with a Vulkan, Metal or Direct3D 12 driver; on Linux libvulkan1 and a driver, ' +
    'for tests a software one named by VK_DRIVER_FILES (docs/gpu.md)',
  'tfjs:cpu': 'npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-cpu',
  'tfjs:wasm': 'npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm',
  'tfjs:node': 'npm install @tensorflow/tfjs-node',
  'tfjs:node-gpu': 'npm install @tensorflow/tfjs-node-gpu, with CUDA and a Node that it supports (docs/gpu.md)',
};

/** The first line, without the place in onnxruntime's own sources. */
function reasonOf(cause: unknown): string {
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return line.replace(/^\S+\.cc:\d+ .* was false\. /, '').trim();
}

/** The chosen device is not here. */
export class DeviceUnavailableError extends Error {
  override readonly name = 'DeviceUnavailableError';
  constructor(
    readonly device: Device,
    cause: unknown,
  ) {
    super(`device ${device}: not available: ${reasonOf(cause)}; ${howToGet[device]}`, { cause });
  }
}
