import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Rehearsal {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ name: 'starts_at', type: 'timestamptz' })
  startsAt!: Date;

  @Column()
  place!: string;

  @Column({ name: 'called_off_at', type: 'timestamptz', nullable: true })
  calledOffAt!: Date | null;

  @Column({ name: 'called_off_because', type: 'text', nullable: true })
  calledOffBecause!: string | null;
}

export type MarkState = 'AWAY' | 'PRESENT';

/** What is known of one singer and one evening. No row: expected, see decision 3. */
@Entity('attendance_mark')
export class AttendanceMark {
  @PrimaryColumn({ name: 'rehearsal_id' })
  rehearsalId!: number;

  @PrimaryColumn({ name: 'singer_id' })
  singerId!: number;

  @Column({ type: 'text' })
  state!: MarkState;

  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Column({ name: 'marked_at', type: 'timestamptz' })
  markedAt!: Date;
}
