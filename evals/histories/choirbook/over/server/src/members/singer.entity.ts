import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export const VOICES = ['S1', 'S2', 'A1', 'A2', 'T1', 'T2', 'B1', 'B2'] as const;
export type Voice = (typeof VOICES)[number];

@Entity('singer')
export class Singer {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  name!: string;

  @Column({ type: 'text' })
  voice!: Voice;

  @Column({ type: 'text', nullable: true })
  mail!: string | null;

  @Column({ name: 'joined_on', type: 'date' })
  joinedOn!: string;

  @Column({ name: 'left_on', type: 'date', nullable: true })
  leftOn!: string | null;
}
