// A scene that several people edit: drag a box, click it for another colour, add and undo.
import { Canvas } from '@react-three/fiber';
import { RoomProvider, useEdit, useGraph, useStatus, useUndo } from '@vuer-ai/vuer-rtc/react';
import type { SceneGraph } from '@vuer-ai/vuer-rtc';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Box } from './box';

const COLORS = ['#4c6ef5', '#f76707', '#37b24d', '#f03e3e', '#ae3ec9'];
const NONE: readonly string[] = [];

/** The keys of the boxes; the same array while the scene has the same ones. */
const boxesOf = ({ nodes }: SceneGraph): readonly string[] => nodes['scene']?.children ?? NONE;

function Bar() {
  const edit = useEdit();
  const { undo, redo, canUndo, canRedo } = useUndo();
  const state = useStatus()?.state ?? 'connecting';
  const count = useGraph(boxesOf).length;
  const add = () => {
    const place = [(count % 5) * 1.5 - 3, 0.5, Math.floor(count / 5) * 1.5 - 1];
    const color = COLORS[count % COLORS.length]!;
    const box = { key: crypto.randomUUID(), tag: 'Box', position: place, color };
    edit(
      { ot: 'node.upsert', key: '', path: 'children', value: { key: 'scene' } },
      { ot: 'node.insert', key: 'scene', path: 'children', value: box },
    );
  };
  return (
    <nav>
      <button onClick={add}>Add a box</button>
      <button onClick={undo} disabled={!canUndo}>
        Undo
      </button>
      <button onClick={redo} disabled={!canRedo}>
        Redo
      </button>
      <span role="status">{state}</span>
    </nav>
  );
}

function Scene() {
  const boxes = useGraph(boxesOf);
  return (
    <Canvas camera={{ position: [0, 5, 7], fov: 45 }}>
      <color attach="background" args={['#eef1f5']} />
      <ambientLight intensity={1.2} />
      <directionalLight position={[4, 8, 5]} intensity={2} />
      <gridHelper args={[12, 12, '#99a', '#ccd']} />
      {boxes.map((key) => (
        <Box key={key} name={key} colors={COLORS} />
      ))}
    </Canvas>
  );
}

const root = document.body.appendChild(document.createElement('div'));
root.id = 'root';
createRoot(root).render(
  <StrictMode>
    <RoomProvider url={location.origin} name="scene" options={{ client: 'person' }}>
      <Bar />
      <Scene />
    </RoomProvider>
  </StrictMode>,
);
