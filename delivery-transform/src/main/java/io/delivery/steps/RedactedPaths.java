package io.delivery.steps;

import io.delivery.config.ProcessorSettings;
import io.delivery.config.ValuePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The paths of a redaction as a tree: what is done with a value, and where to look in it. */
final class RedactedPaths {
    /** What a value becomes; of two the stronger one counts. */
    enum Action {
        KEEP,
        HASH,
        MASK
    }

    /** Places that paths have in common up to here. */
    private static final class Node {
        private final Map<String, Node> members = new HashMap<>();
        private Node each;
        private Action action = Action.KEEP;

        Node next(ValuePath.Step step) {
            if (step instanceof ValuePath.Step.Member member) {
                return members.computeIfAbsent(member.name(), name -> new Node());
            }
            if (step instanceof ValuePath.Step.Each) {
                each = each == null ? new Node() : each;
                return each;
            }
            throw new IllegalStateException("a step that is not known: " + step);
        }
    }

    private static final RedactedPaths NOWHERE = new RedactedPaths(List.of());

    /** A value can be reached by several paths: {@code .a.b} and {@code .a[]}. */
    private final List<Node> nodes;

    private RedactedPaths(List<Node> nodes) {
        this.nodes = nodes;
    }

    /** Those of a whole JSON value. */
    static RedactedPaths of(ProcessorSettings.Redact settings) {
        Node root = new Node();
        add(root, settings.hash(), Action.HASH);
        add(root, settings.mask(), Action.MASK);
        return new RedactedPaths(List.of(root));
    }

    private static void add(Node root, List<String> paths, Action action) {
        for (String path : paths) {
            Node node = root;
            for (ValuePath.Step step : ValuePath.parse(path).steps()) {
                node = node.next(step);
            }
            node.action = action;
        }
    }

    /** What is done with the value itself. */
    Action action() {
        Action strongest = Action.KEEP;
        for (Node node : nodes) {
            strongest = node.action.compareTo(strongest) > 0 ? node.action : strongest;
        }
        return strongest;
    }

    /** Whether no path leads into the value. */
    boolean isNowhere() {
        return nodes.isEmpty();
    }

    /** Those of a member of an object. */
    RedactedPaths member(String name) {
        List<Node> found = new ArrayList<>(2);
        for (Node node : nodes) {
            addUnlessNull(found, node.members.get(name));
            addUnlessNull(found, node.each);
        }
        return found.isEmpty() ? NOWHERE : new RedactedPaths(found);
    }

    /** Those of an element of an array. */
    RedactedPaths element() {
        List<Node> found = new ArrayList<>(2);
        for (Node node : nodes) {
            addUnlessNull(found, node.each);
        }
        return found.isEmpty() ? NOWHERE : new RedactedPaths(found);
    }

    private static void addUnlessNull(List<Node> nodes, Node node) {
        if (node != null) {
            nodes.add(node);
        }
    }
}
