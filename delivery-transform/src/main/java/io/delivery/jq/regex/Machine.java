package io.delivery.jq.regex;

import io.delivery.jq.value.Budget;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a {@link Program} on a text. It goes on until it must choose, notes the other choice on a
 * stack, and goes back there when it fails; what it changed since is undone on the way. Every 8
 * instructions are a step.
 */
final class Machine {
    private static final int FAILED = -1;

    /** Instructions between two charges. */
    private static final int INSTRUCTIONS = 256;

    private static final int INSTRUCTIONS_PER_NODE = 2;

    /** Of the stack: a choice at each of the characters of the longest text. */
    private static final int MOST_ENTRIES = 2 * Budget.MOST_CHARACTERS;

    private final Program program;
    private final int[] code;
    private final String text;
    private final Budget budget;
    private final boolean refusesEmpty;
    private final boolean wantsLongest;
    private final int[] slots;

    /**
     * Pairs: a place in the program and one in the text, or the complement of a slot and its old
     * value.
     */
    private int[] stack = new int[128];

    private int top;
    private int instructions;

    // Calls that wait: where each returns to, and the one before it.
    private int[] frames = new int[16];
    private int frameCount;
    private int frame = FAILED;

    private int searched;
    private int longest;
    private int[] longestSlots;

    Machine(
            Program program,
            String text,
            boolean refusesEmpty,
            boolean wantsLongest,
            Budget budget) {
        this.program = program;
        this.code = program.code();
        this.text = text;
        this.refusesEmpty = refusesEmpty;
        this.wantsLongest = wantsLongest;
        this.budget = budget;
        this.slots = new int[program.slots() + 1];
    }

    /** Whether the text matches from a place on. */
    boolean matches(int from, int searchedFrom) {
        searched = searchedFrom;
        longest = FAILED;
        top = 0;
        frame = FAILED;
        frameCount = 0;
        instructions += slots.length / 8;
        Arrays.fill(slots, FAILED);
        slots[0] = from;
        int end = run(0, from, FAILED);
        if (wantsLongest && longest >= 0) {
            System.arraycopy(longestSlots, 0, slots, 0, slots.length);
            end = longest;
        }
        slots[1] = end;
        return end >= 0;
    }

    int begin(int group) {
        return slots[2 * group];
    }

    int end(int group) {
        return slots[2 * group + 1];
    }

    /** Counts the instructions that were not charged yet. */
    void settle() {
        budget.chargeNodes(1 + instructions / INSTRUCTIONS_PER_NODE);
        instructions = 0;
    }

    private void charge() {
        if (++instructions >= INSTRUCTIONS) {
            settle();
        }
    }

    private void push(int one, int other) {
        if (top + 2 > stack.length) {
            if (stack.length >= MOST_ENTRIES) {
                throw budget.spent();
            }
            stack = Arrays.copyOf(stack, stack.length * 2);
        }
        stack[top++] = one;
        stack[top++] = other;
    }

    private void set(int slot, int value) {
        push(~slot, slots[slot]);
        slots[slot] = value;
    }

    /** The frame is kept in the last slot, so that backtracking restores it. */
    private void setFrame(int value) {
        push(~(slots.length - 1), frame);
        frame = value;
        slots[slots.length - 1] = value;
    }

    private void restore(int slot, int value) {
        slots[slot] = value;
        if (slot == slots.length - 1) {
            frame = value;
        }
    }

    /** Undoes all above a height of the stack. */
    private void unwind(int base) {
        while (top > base) {
            top -= 2;
            if (stack[top] < 0) {
                restore(~stack[top], stack[top + 1]);
            }
        }
    }

    /** Forgets the choices above a height, and keeps what is to be undone. */
    private void cut(int base) {
        int kept = base;
        for (int i = base; i < top; i += 2) {
            if (stack[i] < 0) {
                stack[kept] = stack[i];
                stack[kept + 1] = stack[i + 1];
                kept += 2;
            }
        }
        top = kept;
    }

    /**
     * Runs up to a MATCH.
     *
     * @param target where in the text it must end; -1 for anywhere
     * @return where it ended, or -1
     */
    private int run(int place, int from, int target) {
        int base = top;
        int pc = place;
        int at = from;
        while (true) {
            charge();
            boolean fails = false;
            switch (code[pc]) {
                case Program.MATCH -> {
                    if (target >= 0 ? at == target : base > 0 || isAccepted(at)) {
                        return at;
                    }
                    fails = true;
                }
                case Program.CHARACTER -> {
                    int next = at < text.length() ? text.codePointAt(at) : FAILED;
                    fails = next != code[pc + 1];
                    at += Character.charCount(Math.max(0, next));
                    pc += 2;
                }
                case Program.FOLDED -> {
                    int next = at < text.length() ? text.codePointAt(at) : FAILED;
                    fails = next < 0 || CaseFolding.fold(next) != code[pc + 1];
                    at += Character.charCount(Math.max(0, next));
                    pc += 2;
                }
                case Program.SET -> {
                    int next = at < text.length() ? text.codePointAt(at) : FAILED;
                    fails = next < 0 || !program.set(code[pc + 1]).contains(next);
                    at += Character.charCount(Math.max(0, next));
                    pc += 2;
                }
                case Program.SPLIT -> {
                    push(code[pc + 2], at);
                    pc = code[pc + 1];
                }
                case Program.JUMP -> pc = code[pc + 1];
                case Program.SAVE -> {
                    set(code[pc + 1], at);
                    pc += 2;
                }
                case Program.ASSERT -> {
                    fails = !holds(code[pc + 1], at);
                    pc += 2;
                }
                case Program.BACK_REFERENCE -> {
                    at = behindReference(program.list(code[pc + 1]), code[pc + 2] == 1, at);
                    fails = at < 0;
                    pc += 3;
                }
                case Program.ZERO -> {
                    set(code[pc + 1], 0);
                    pc += 2;
                }
                case Program.INCREMENT -> {
                    set(code[pc + 1], slots[code[pc + 1]] + 1);
                    pc += 2;
                }
                case Program.COUNT -> pc = count(pc, at);
                case Program.IF_MOVED -> pc = slots[code[pc + 1]] == at ? code[pc + 2] : pc + 3;
                case Program.INNER -> {
                    at = inner(pc, at);
                    fails = at < 0;
                    pc = code[pc + 3];
                }
                case Program.CALL -> {
                    setFrame(newFrame(pc + 2));
                    pc = code[pc + 1];
                }
                case Program.RETURN -> {
                    pc = frames[2 * frame];
                    setFrame(frames[2 * frame + 1]);
                }
                case Program.IF_GROUP -> {
                    boolean tookPart =
                            program.list(code[pc + 1]).stream().anyMatch(g -> end(g) >= 0);
                    pc = tookPart ? pc + 3 : code[pc + 2];
                }
                default -> throw new IllegalStateException("instruction " + code[pc]);
            }
            if (fails) {
                while (top > base && stack[top - 2] < 0) {
                    top -= 2;
                    restore(~stack[top], stack[top + 1]);
                }
                if (top == base) {
                    return FAILED;
                }
                top -= 2;
                pc = stack[top];
                at = stack[top + 1];
            }
        }
    }

    private boolean isAccepted(int at) {
        if (refusesEmpty && at == slots[0]) {
            return false;
        }
        if (wantsLongest) {
            if (at > longest) {
                longest = at;
                longestSlots = slots.clone();
            }
            return false;
        }
        return true;
    }

    private int count(int pc, int at) {
        int counted = slots[code[pc + 1]];
        int most = code[pc + 3];
        int behind = code[pc + 4];
        int body = pc + 6;
        if (counted < code[pc + 2]) {
            return body;
        }
        if (most >= 0 && counted >= most) {
            return behind;
        }
        boolean isGreedy = code[pc + 5] == 0;
        push(isGreedy ? behind : body, at);
        return isGreedy ? body : behind;
    }

    private int inner(int pc, int at) {
        int base = top;
        switch (code[pc + 1]) {
            case Program.ATOMIC, Program.AHEAD -> {
                int end = runInner(pc + 4, at, FAILED);
                cut(base);
                return end < 0 ? FAILED : code[pc + 1] == Program.ATOMIC ? end : at;
            }
            case Program.NOT_AHEAD -> {
                int end = runInner(pc + 4, at, FAILED);
                unwind(base);
                return end < 0 ? at : FAILED;
            }
            case Program.BEHIND, Program.NOT_BEHIND -> {
                int from = before(at, code[pc + 2]);
                boolean isFound = from >= 0 && runInner(pc + 4, from, at) >= 0;
                if (code[pc + 1] == Program.BEHIND) {
                    cut(base);
                    return isFound ? at : FAILED;
                }
                unwind(base);
                return isFound ? FAILED : at;
            }
            default -> throw new IllegalStateException("kind " + code[pc + 1]);
        }
    }

    /** So many characters before a place; -1 when there are not so many. */
    private int before(int at, int characters) {
        int before = at;
        for (int i = 0; i < characters; i++) {
            charge();
            if (before == 0) {
                return FAILED;
            }
            before -= Character.charCount(text.codePointBefore(before));
        }
        return before;
    }

    /** A base of nothing would be taken for that of the whole. */
    private int runInner(int place, int from, int target) {
        budget.enter();
        push(~0, slots[0]);
        int end = run(place, from, target);
        budget.leave();
        return end;
    }

    private int newFrame(int returnTo) {
        budget.step();
        if (2 * frameCount + 2 > frames.length) {
            frames = Arrays.copyOf(frames, frames.length * 2);
        }
        frames[2 * frameCount] = returnTo;
        frames[2 * frameCount + 1] = frame;
        return frameCount++;
    }

    private boolean holds(int assertion, int at) {
        return switch (assertion) {
            case 0 -> at == 0;
            case 1 -> at == text.length();
            case 2 -> at == text.length() || at == text.length() - 1 && text.charAt(at) == '\n';
            case 3 -> at == 0 || text.charAt(at - 1) == '\n' && at < text.length();
            case 4 -> at == text.length() || text.charAt(at) == '\n';
            case 5 -> at == searched;
            case 6 -> isWordBefore(at) != isWordAt(at);
            case 7 -> isWordBefore(at) == isWordAt(at);
            case 8 -> {
                set(0, at);
                yield true;
            }
            default -> throw new IllegalStateException("assertion " + assertion);
        };
    }

    private boolean isWordBefore(int at) {
        return at > 0 && CharacterSet.isWord(text.codePointBefore(at));
    }

    private boolean isWordAt(int at) {
        return at < text.length() && CharacterSet.isWord(text.codePointAt(at));
    }

    /** Behind what one of the groups matched, the last one first; -1 when it is not here. */
    private int behindReference(List<Integer> groups, boolean ignoresCase, int at) {
        for (int i = groups.size() - 1; i >= 0; i--) {
            int from = begin(groups.get(i));
            int to = end(groups.get(i));
            if (from < 0 || to < from) {
                continue;
            }
            budget.chargeCharacters(to - from);
            if (text.regionMatches(ignoresCase, at, text, from, to - from)) {
                return at + (to - from);
            }
            if (groups.size() == 1) {
                return FAILED;
            }
        }
        return FAILED;
    }
}
