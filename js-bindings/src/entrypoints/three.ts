// `@vuer-ai/vuer-rtc/three`: a three.js tree that shows the scene.
export { bindScene, type BindSceneOptions, type SceneBinding } from '../three/bind_scene.js';
export { applyNode, changesOf, type ObjectLike } from '../three/transform.js';
export { useSyncedObject } from '../three/synced_object.js';
export type { SyncedObject } from './hooks.js';
