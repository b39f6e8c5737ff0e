// One box: it follows its node without rendering again, and a drag of it is one step of undo.
import type { ThreeEvent } from '@react-three/fiber';
import { useEdit, useNode, useRoom, useSyncedObject } from '@vuer-ai/vuer-rtc/react';
import { useRef } from 'react';
import { Plane, Vector3, type Mesh } from 'three';

const GROUND = new Plane(new Vector3(0, 1, 0), -0.5);

export function Box({ name, colors }: { name: string; colors: readonly string[] }) {
  const { ref } = useSyncedObject<Mesh>(name);
  const node = useNode(name);
  const edit = useEdit();
  const drag = useDrag(name);
  if (node === undefined || node._crdt.deletedAt !== undefined) return null;
  const recolour = (event: ThreeEvent<MouseEvent>) => {
    if (event.delta > 3) return;
    const next = colors[(colors.indexOf(String(node['color'])) + 1) % colors.length]!;
    edit({ ot: 'color.set', key: name, path: 'color', value: next });
  };
  return (
    <mesh ref={ref} onClick={recolour} {...drag}>
      <boxGeometry />
      <meshStandardMaterial color={String(node['color'])} />
    </mesh>
  );
}

/** Handlers that move a node over the ground. */
function useDrag(name: string) {
  const room = useRoom();
  const held = useRef<{ at: Vector3; end: () => void }>(null);
  const placeOf = ({ ray }: ThreeEvent<PointerEvent>) =>
    ray.intersectPlane(GROUND, new Vector3()) ?? new Vector3();

  const onPointerDown = (event: ThreeEvent<PointerEvent>) => {
    if (room === undefined) return;
    event.stopPropagation();
    (event.target as Element).setPointerCapture(event.pointerId);
    held.current = { at: placeOf(event), end: room.store.beginUndoGroup() };
  };
  const onPointerMove = (event: ThreeEvent<PointerEvent>) => {
    if (room === undefined || held.current === null) return;
    const at = placeOf(event);
    const [x, , z] = at.clone().sub(held.current.at).toArray();
    held.current.at = at;
    // movements of several people add up, and leave at most every 33 ms
    room.edit({ ot: 'vector3.add', key: name, path: 'position', value: [x, 0, z] });
  };
  const onPointerUp = () => {
    if (held.current === null) return;
    room?.store.commit();
    held.current.end();
    held.current = null;
  };
  return { onPointerDown, onPointerMove, onPointerUp };
}
