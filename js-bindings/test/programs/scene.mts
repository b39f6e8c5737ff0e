// The entry for three.js, whose own types are those of a module only.
import { createGraph } from '@vuer-ai/vuer-rtc';
import { bindScene, useSyncedObject, type SceneBinding } from '@vuer-ai/vuer-rtc/three';
import { Group, Mesh, type Object3D } from 'three';

const store = createGraph({ client: 'a' });
const tags = { Box: () => new Mesh() };
export const binding: SceneBinding = bindScene(store, new Group(), { tags });
export const object: Object3D | undefined = binding.objectOf('n');
export const Box = (): void => useSyncedObject<Mesh>('n').push();
// @ts-expect-error a store has no scene of its own
bindScene(store);
