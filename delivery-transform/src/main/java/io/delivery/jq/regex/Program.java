package io.delivery.jq.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A regular expression as instructions of a machine that backtracks: {@link Machine}. Each is its
 * code and the operands behind it. Slots keep where groups begin and end, and what repetitions
 * count.
 */
final class Program {
    // Operands stand behind each.
    static final int MATCH = 0;
    static final int CHARACTER = 1; // code point
    static final int FOLDED = 2; // folded code point
    static final int SET = 3; // number of the set
    static final int SPLIT = 4; // first place, then the other
    static final int JUMP = 5; // place
    static final int SAVE = 6; // slot for the place in the text
    static final int ASSERT = 7; // number of the assertion
    static final int BACK_REFERENCE = 8; // number of the list of groups, 1 to ignore case
    static final int ZERO = 9; // slot that counts
    static final int COUNT =
            10; // slot, least, most, place behind, 0 greedy or 1 lazy; the body follows
    static final int IF_MOVED = 11; // slot with the place before; fails over it if still there
    static final int INNER = 12; // kind, characters of what is behind, place; the inside follows
    static final int CALL = 13; // place
    static final int RETURN = 14;
    static final int IF_GROUP = 15; // number of the list of groups, place if none took part
    static final int INCREMENT = 16; // slot that counts

    /** Kinds of {@link #INNER}. */
    static final int ATOMIC = 0;

    static final int AHEAD = 1;
    static final int NOT_AHEAD = 2;
    static final int BEHIND = 3;
    static final int NOT_BEHIND = 4;

    /** More instructions than this are a pattern that nobody means. */
    private static final int MOST = 1 << 16;

    /** A repetition of a small part is written out so often. */
    private static final int WRITTEN_OUT = 64;

    private int[] code = new int[64];
    private int length;
    private final List<CharacterSet> sets = new ArrayList<>();
    private final List<List<Integer>> lists = new ArrayList<>();
    private final Map<Integer, Integer> begins = new HashMap<>();
    private final Map<Integer, Node.Group> groups = new HashMap<>();
    private final List<int[]> calls = new ArrayList<>();
    private int slots;

    private Program(int groupCount) {
        this.slots = 2 * (groupCount + 1);
    }

    static Program of(RegexParser.Parsed parsed) throws RegexSyntaxException {
        Program program = new Program(parsed.groups());
        program.collect(parsed.node());
        program.add(parsed.node());
        program.emit(MATCH);
        program.addCalled(parsed.node());
        return program;
    }

    int[] code() {
        return code;
    }

    CharacterSet set(int number) {
        return sets.get(number);
    }

    List<Integer> list(int number) {
        return lists.get(number);
    }

    int slots() {
        return slots;
    }

    private int emit(int... instruction) throws RegexSyntaxException {
        int place = length;
        if (length + instruction.length > MOST) {
            throw RegexParser.error("too long regular expression");
        }
        if (length + instruction.length > code.length) {
            code = Arrays.copyOf(code, Math.max(code.length * 2, length + instruction.length));
        }
        System.arraycopy(instruction, 0, code, length, instruction.length);
        length += instruction.length;
        return place;
    }

    private void collect(Node node) {
        if (node instanceof Node.Group group) {
            groups.put(group.number(), group);
            collect(group.content());
        } else if (node instanceof Node.Sequence sequence) {
            sequence.parts().forEach(this::collect);
        } else if (node instanceof Node.Choice choice) {
            choice.branches().forEach(this::collect);
        } else if (node instanceof Node.Repetition repetition) {
            collect(repetition.repeated());
        } else if (node instanceof Node.Atomic atomic) {
            collect(atomic.content());
        } else if (node instanceof Node.Look look) {
            collect(look.content());
        } else if (node instanceof Node.Condition condition) {
            collect(condition.then());
            collect(condition.otherwise());
        }
    }

    private void add(Node node) throws RegexSyntaxException {
        if (node instanceof Node.Character character) {
            emit(
                    character.ignoresCase() ? FOLDED : CHARACTER,
                    character.ignoresCase()
                            ? CaseFolding.fold(character.codePoint())
                            : character.codePoint());
        } else if (node instanceof Node.OneOf oneOf) {
            sets.add(oneOf.set());
            emit(SET, sets.size() - 1);
        } else if (node instanceof Node.Sequence sequence) {
            for (Node part : sequence.parts()) {
                add(part);
            }
        } else if (node instanceof Node.Choice choice) {
            addChoice(choice.branches(), 0);
        } else if (node instanceof Node.Group group) {
            emit(SAVE, 2 * group.number());
            add(group.content());
            emit(SAVE, 2 * group.number() + 1);
        } else if (node instanceof Node.Repetition repetition) {
            addRepetition(repetition);
        } else if (node instanceof Node.Atomic atomic) {
            addInner(ATOMIC, atomic.content());
        } else if (node instanceof Node.Look look) {
            int kind =
                    look.isBehind()
                            ? look.isNegative() ? NOT_BEHIND : BEHIND
                            : look.isNegative() ? NOT_AHEAD : AHEAD;
            addInner(kind, look.content());
        } else if (node instanceof Node.BackReference reference) {
            lists.add(reference.groups());
            emit(BACK_REFERENCE, lists.size() - 1, reference.ignoresCase() ? 1 : 0);
        } else if (node instanceof Node.CallByName call) {
            int group = call.groups().get(call.groups().size() - 1);
            calls.add(new int[] {emit(CALL, -1), group});
        } else if (node instanceof Node.Condition condition) {
            lists.add(condition.groups());
            int test = emit(IF_GROUP, lists.size() - 1, -1);
            add(condition.then());
            int jump = emit(JUMP, -1);
            code[test + 2] = length;
            add(condition.otherwise());
            code[jump + 1] = length;
        } else if (node instanceof Node.Assertion assertion) {
            emit(ASSERT, number(assertion));
        }
    }

    /** What the machine knows an assertion by. */
    static int number(Node.Assertion assertion) {
        return switch (assertion) {
            case BEGIN_OF_TEXT -> 0;
            case END_OF_TEXT -> 1;
            case END_OF_TEXT_OR_LAST_LINE -> 2;
            case BEGIN_OF_LINE -> 3;
            case END_OF_LINE -> 4;
            case BEGIN_OF_SEARCH -> 5;
            case WORD_BOUNDARY -> 6;
            case NO_WORD_BOUNDARY -> 7;
            case KEEP -> 8;
        };
    }

    private void addChoice(List<Node> branches, int index) throws RegexSyntaxException {
        List<Integer> jumps = new ArrayList<>();
        for (int i = index; i < branches.size() - 1; i++) {
            int split = emit(SPLIT, -1, -1);
            code[split + 1] = length;
            add(branches.get(i));
            jumps.add(emit(JUMP, -1));
            code[split + 2] = length;
        }
        add(branches.get(branches.size() - 1));
        for (int jump : jumps) {
            code[jump + 1] = length;
        }
    }

    private void addInner(int kind, Node content) throws RegexSyntaxException {
        boolean isBehind = kind == BEHIND || kind == NOT_BEHIND;
        Node checked = isBehind ? Lengths.withoutChoiceInFront(content) : content;
        int inner = emit(INNER, kind, isBehind ? Lengths.of(checked) : 0, -1);
        add(checked);
        emit(MATCH);
        code[inner + 3] = length;
    }

    private void addRepetition(Node.Repetition repetition) throws RegexSyntaxException {
        if (repetition.greed() == Node.Greed.POSSESSIVE) {
            int inner = emit(INNER, ATOMIC, 0, -1);
            addRepetition(repetition, true);
            emit(MATCH);
            code[inner + 3] = length;
        } else {
            addRepetition(repetition, repetition.greed() == Node.Greed.GREEDY);
        }
    }

    private void addRepetition(Node.Repetition repetition, boolean isGreedy)
            throws RegexSyntaxException {
        int least = repetition.least();
        int most = repetition.most();
        if (most == 0) {
            return;
        }
        int times = most == Node.UNLIMITED ? least + 1 : most;
        if (times > 1 && weight(repetition.repeated()) * times > WRITTEN_OUT) {
            addCounted(repetition, isGreedy);
            return;
        }
        for (int i = 0; i < least; i++) {
            add(repetition.repeated());
        }
        if (most == Node.UNLIMITED) {
            addStar(repetition.repeated(), isGreedy);
        } else {
            addOptions(repetition.repeated(), most - least, isGreedy);
        }
    }

    /** About how many instructions a part takes. */
    private static long weight(Node node) {
        if (node instanceof Node.Sequence sequence) {
            return sequence.parts().stream().mapToLong(Program::weight).sum();
        }
        if (node instanceof Node.Choice choice) {
            return choice.branches().stream().mapToLong(branch -> 2 + weight(branch)).sum();
        }
        if (node instanceof Node.Group group) {
            return 2 + weight(group.content());
        }
        if (node instanceof Node.Repetition repetition) {
            int times = Math.max(repetition.most(), repetition.least() + 1);
            return 3 + Math.min(WRITTEN_OUT, times * weight(repetition.repeated()));
        }
        if (node instanceof Node.Atomic atomic) {
            return 2 + weight(atomic.content());
        }
        if (node instanceof Node.Look look) {
            return 2 + weight(look.content());
        }
        if (node instanceof Node.Condition condition) {
            return 2 + weight(condition.then()) + weight(condition.otherwise());
        }
        return 1;
    }

    private void addStar(Node repeated, boolean isGreedy) throws RegexSyntaxException {
        int split = emit(SPLIT, -1, -1);
        int body = length;
        addMoving(repeated, split);
        code[split + 1] = isGreedy ? body : length;
        code[split + 2] = isGreedy ? length : body;
    }

    /** The body of a loop, which ends when it matches nothing. */
    private void addMoving(Node repeated, int begin) throws RegexSyntaxException {
        if (repeated instanceof Node.Character || repeated instanceof Node.OneOf) {
            add(repeated);
            emit(JUMP, begin);
            return;
        }
        int slot = slots++;
        emit(SAVE, slot);
        add(repeated);
        int moved = emit(IF_MOVED, slot, -1);
        emit(JUMP, begin);
        code[moved + 2] = length;
    }

    /** Each is tried only behind the one before. */
    private void addOptions(Node repeated, int times, boolean isGreedy)
            throws RegexSyntaxException {
        List<Integer> splits = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            int split = emit(SPLIT, -1, -1);
            code[split + (isGreedy ? 1 : 2)] = length;
            splits.add(split);
            add(repeated);
        }
        for (int split : splits) {
            code[split + (isGreedy ? 2 : 1)] = length;
        }
    }

    private void addCounted(Node.Repetition repetition, boolean isGreedy)
            throws RegexSyntaxException {
        int counter = slots++;
        emit(ZERO, counter);
        int greed = isGreedy ? 0 : 1;
        int count = emit(COUNT, counter, repetition.least(), repetition.most(), -1, greed);
        emit(INCREMENT, counter);
        addMoving(repetition.repeated(), count);
        code[count + 4] = length;
    }

    /** What is called is written behind the program once, with a return. */
    private void addCalled(Node whole) throws RegexSyntaxException {
        for (int i = 0; i < calls.size(); i++) {
            int[] call = calls.get(i);
            Integer begin = begins.get(call[1]);
            if (begin == null) {
                begin = length;
                begins.put(call[1], begin);
                add(call[1] == 0 ? whole : groups.get(call[1]));
                emit(RETURN);
            }
            code[call[0] + 1] = begin;
        }
    }
}
